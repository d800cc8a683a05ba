import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

const path = (file) => fileURLToPath(new URL(`../../packages/${file}`, import.meta.url))

/** Bundles, minified and compressed, in bytes: all of core and trpc with jose for a server, the client's entries for a page. */
export async function measureSize() {
  const server = await bundle(
    [path('core/dist/bundle/index.js'), path('core/dist/bundle/http/node.js'), path('trpc/dist/bundle/index.js')],
    'node',
  )
  const client = path('client/dist/index.js')
  if (!existsSync(client)) return { server }
  return {
    server,
    client: await bundle([client], 'browser'),
    react: await bundle([path('client/dist/react/index.js')], 'browser'),
  }
}

/** What an app has already isn't counted: tRPC, React. */
async function bundle(input, platform) {
  const build = await rolldown({
    input,
    platform,
    external: [/^@trpc\//, /^react(\/|$)/, /^node:/],
    logLevel: 'silent',
  })
  const { output } = await build.generate({ format: 'esm', minify: true })
  await build.close()
  return output.reduce((sum, { code = '' }) => sum + gzipSync(code, { level: 9 }).byteLength, 0)
}
