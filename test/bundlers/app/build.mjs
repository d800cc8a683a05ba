import { join } from 'node:path'

// `node build.mjs <bundler> <folder>`: one file that needs no node_modules. What a bundler complains of is an error here.
const [bundler, folder] = process.argv.slice(2)
const entry = join(import.meta.dirname, 'server.mjs')

const BUILDERS = {
  async esbuild() {
    const { build } = await import('esbuild')
    const { warnings } = await build({
      entryPoints: [entry],
      outfile: join(folder, 'server.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: NOT_INSTALLED,
    })
    return warnings.map(({ text }) => text)
  },
  async webpack() {
    const { default: webpack } = await import('webpack')
    const stats = await new Promise((resolve, reject) => {
      const options = {
        mode: 'production',
        target: 'node',
        entry,
        output: { path: folder, filename: 'server.cjs' },
        externals: Object.fromEntries(NOT_INSTALLED.map((name) => [name, `commonjs ${name}`])),
      }
      webpack(options, (error, result) => (error ? reject(error) : resolve(result)))
    })
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true })
    return [...errors, ...warnings].map(({ message }) => message)
  },
  async vite() {
    const { build } = await import('vite')
    const warnings = []
    await build({
      logLevel: 'silent',
      root: import.meta.dirname,
      ssr: { noExternal: true },
      build: {
        ssr: entry,
        outDir: folder,
        rollupOptions: {
          external: NOT_INSTALLED,
          onwarn: ({ message }) => warnings.push(message),
          output: { entryFileNames: 'server.mjs' },
        },
      },
    })
    return warnings
  },
  async rolldown() {
    const { rolldown } = await import('rolldown')
    const warnings = []
    const build = await rolldown({
      input: entry,
      platform: 'node',
      external: NOT_INSTALLED,
      onLog: (level, { message }) => level === 'warn' && warnings.push(message),
    })
    await build.write({ dir: folder, format: 'esm', entryFileNames: 'server.mjs' })
    await build.close()
    return warnings
  },
}

/** Optional parts of `pg`. */
const NOT_INSTALLED = ['pg-native', 'cloudflare:sockets', 'pg-cloudflare']

const complaints = await BUILDERS[bundler]()
if (complaints.length > 0) throw new Error(complaints.join('\n'))
