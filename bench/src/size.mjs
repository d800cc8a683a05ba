import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

const path = (file) => fileURLToPath(new URL(`../../packages/${file}`, import.meta.url))

/** Bundles, minified and compressed, in bytes: all of core and trpc with jose for a server, what an app takes of the client for a page. */
export async function measureSize() {
  const server = await bundle(
    [path('core/dist/bundle/index.js'), path('core/dist/bundle/http/node.js'), path('trpc/dist/bundle/index.js')],
    'node',
  )
  if (!existsSync(path('client/dist/index.js'))) return { server }
  return {
    server,
    client: await bundle([fileURLToPath(new URL('client/link.mjs', import.meta.url))], 'browser'),
    signInWith: await bundle([fileURLToPath(new URL('client/sign-in-with.mjs', import.meta.url))], 'browser'),
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
