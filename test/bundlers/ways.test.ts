import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'

// What servers and pages have of the ways to sign in, once a bundler has put it together with what it depends on.

const PACKAGES = join(import.meta.dirname, '../../packages')

/** What a bundle of an entry still imports under these conditions, and what it has inside. */
async function bundle(entry: string, conditionNames: string[]) {
  const build = await rolldown({
    input: join(PACKAGES, entry),
    platform: 'neutral',
    // The fields that bundlers for Workers and for pages read where a package has no `exports`.
    resolve: { conditionNames, mainFields: ['module', 'main'] },
    external: /^(?:node:|@latchkey\/core|zod)/,
    onLog: (level, { message }) => {
      if (level === 'warn') throw new Error(message)
    },
  })
  const { output } = await build.generate({ format: 'esm', minify: true })
  await build.close()
  const chunks = output.filter((file) => file.type === 'chunk')
  const names = new Set(chunks.map(({ fileName }) => fileName))
  const found = chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])
  return {
    imports: new Set(found.filter((name) => !names.has(name))),
    modules: chunks.flatMap(({ moduleIds }) => moduleIds),
    bytes: chunks.reduce((sum, { code }) => sum + code.length, 0),
  }
}

test.each(['email', 'oauth', 'passkey', 'totp'])(
  'a bundle of @latchkey/%s for a runtime without Node needs nothing of Node, and no native code',
  async (name) => {
    const { imports } = await bundle(`${name}/dist/index.js`, ['workerd', 'worker', 'import', 'default'])
    expect([...imports].filter((found) => !/^@latchkey\/core$|^zod\/mini$/.test(found))).toEqual([])
  },
)

test.each(['oauth/dist/presets/index.js', 'oauth/dist/from-auth-js/from-auth-js.js'])(
  'nor does one of %s',
  async (entry) => {
    const { imports } = await bundle(entry, ['workerd', 'worker', 'import', 'default'])
    expect([...imports].filter((found) => !/^@latchkey\/core$|^zod\/mini$/.test(found))).toEqual([])
  },
)

test('what a page loads for passkeys has nothing of the server', async () => {
  const { imports, modules, bytes } = await bundle('passkey/dist/client/index.js', ['browser', 'import', 'default'])
  expect(imports).toEqual(new Set())
  expect(modules.filter((id) => id.includes('@simplewebauthn/server') || id.includes('/zod/'))).toEqual([])
  expect(bytes).toBeLessThan(12_000)
})

test('what a page loads to sign in with another service has nothing of the server', async () => {
  const { imports, modules } = await bundle('client/dist/sign-in/sign-in-with.js', ['browser', 'import', 'default'])
  expect([...imports].filter((name) => name.startsWith('node:'))).toEqual([])
  expect(modules.filter((id) => id.includes('oauth4webapi') || id.includes('packages/oauth'))).toEqual([])
})
