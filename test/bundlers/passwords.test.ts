import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'

const ENTRY = join(import.meta.dirname, '../../packages/password/dist/index.js')

/** What a bundle of the package imports under these conditions. */
async function readImports(conditionNames: string[]): Promise<ReadonlySet<string>> {
  const build = await rolldown({
    input: ENTRY,
    platform: 'neutral',
    resolve: { conditionNames },
    external: /^(?:node:|@node-rs\/|@latchkey\/core|zod)/,
  })
  const { output } = await build.generate({ format: 'esm' })
  await build.close()
  const chunks = output.filter((file) => file.type === 'chunk')
  const names = new Set(chunks.map(({ fileName }) => fileName))
  const found = chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])
  return new Set(found.filter((name) => !names.has(name)))
}

test('a bundle with passwords for a runtime without Node has neither Node’s modules nor native code', async () => {
  expect(await readImports(['workerd', 'import', 'default'])).toEqual(new Set(['@latchkey/core', 'zod/mini']))
})

test('one for Node loads native code when the first password comes', async () => {
  expect(await readImports(['node', 'import', 'default'])).toEqual(
    new Set(['@latchkey/core', '@node-rs/argon2', 'node:crypto', 'zod/mini']),
  )
})
