import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { expect, test } from 'vitest'

/**
 * What an entry adds to an app that has tRPC and React already: minified and compressed, in bytes.
 *
 * @param servers what only a server's code has
 */
async function measure(entry: string, servers: RegExp = /node:|jose|crypto\.subtle/): Promise<number> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['latchkey-source', 'import', 'default'] },
    oxc: { jsx: { runtime: 'automatic', development: false } },
    build: {
      write: false,
      minify: true,
      modulePreload: { polyfill: false },
      // Not `lib`: what is made for another bundler keeps its white space.
      rolldownOptions: {
        input: fileURLToPath(new URL(entry, import.meta.url)),
        external: [/^@trpc\//, /^react(\/|$)/, /^@tanstack\//],
        preserveEntrySignatures: 'strict',
      },
    },
  })
  const [bundle] = [result].flat()
  if (!bundle || !('output' in bundle)) throw new Error('vite watches instead of building')
  const { code } = bundle.output[0]
  expect(code, 'nothing of a server comes along').not.toMatch(servers)
  return gzipSync(code, { level: 9 }).byteLength
}

test('the link and its token store stay under 4 kB compressed', async () => {
  expect(await measure('./support/link-alone.ts')).toBeLessThan(4_000)
})

test('the sign-in by another page stays under 1.5 kB compressed', async () => {
  expect(await measure('./support/sign-in-alone.ts', /node:|jose/)).toBeLessThan(1_500)
})

test('the React part adds less than 3 kB', async () => {
  expect(await measure('../src/react/index.ts')).toBeLessThan(3_000)
})
