import { afterEach, describe, expect, test } from 'vitest'
import { NATIVE } from './support/person.ts'
import { createPkce } from './support/pkce.ts'
import { openScene, type Scene, type SceneOptions } from './support/scene.ts'
import { startScriptedProvider } from './support/scripted-provider.ts'
import { oidc } from '../src/index.ts'

let scene: Scene
afterEach(() => scene.stop())
const open = async (options?: SceneOptions) => (scene = await openScene(options))

describe('S08 what a client sends keeps its browser’s cookies small', () => {
  test('many flows to long addresses leave room for the other headers of a request', async () => {
    const { person } = await open()
    const { client } = person()
    for (let tab = 0; tab < 8; tab++) {
      const redirectTo = `/${String(tab)}?${'a'.repeat(1_400)}`
      expect((await client.mutate('auth.signIn', { provider: 'op', redirectTo })).kind).toBeNull()
    }
    const length = [...client.cookies].reduce((sum, [name, value]) => sum + name.length + value.length, 0)
    expect(length).toBeLessThan(8_000) // Node reads 16 KiB of headers
    expect((await client.fetch('/auth/session')).status).toBeLessThan(500)
  })

  test('the newest flow goes on', async () => {
    const { person } = await open()
    const ann = person()
    for (let tab = 0; tab < 4; tab++) await ann.begin({ redirectTo: `/${'a'.repeat(1_400)}` })
    expect((await ann.signIn({ redirectTo: `/in?${'a'.repeat(1_400)}` })).kind).toBeNull()
  })

  test.each([
    { of: 'letters', text: 'a', isTaken: true, count: 1_400 },
    { of: 'letters, too many', text: 'a' },
    { of: 'letters of three bytes', text: '€' },
    { of: 'letters of four bytes', text: '\u{1F600}' },
    { of: 'quotation marks', text: '"' },
    { of: 'backslashes', text: '\\' },
    { of: 'NUL', text: '\0' },
    { of: 'halves of letters', text: '\ud800' },
  ])('T10 a long address to come back to, of $of', async ({ text, isTaken = false, count = 2_000 }) => {
    const { person } = await open()
    const { codeChallenge } = await createPkce()
    const long = text.repeat(count / text.length)
    const here = await person().client.mutate('auth.signIn', { provider: 'op', redirectTo: `/${long}` })
    const native = { provider: 'op', redirectTo: `${NATIVE}/${long}`, codeChallenge }
    const elsewhere = await person('token').client.mutate('auth.signIn', native)
    const expected = isTaken ? null : 'InvalidInput'
    expect([here.kind, elsewhere.kind]).toEqual([expected, expected])
  })
})

describe('S13 what a stranger writes into a callback forges no line of the log', () => {
  const lines = 'x\r\nerror: forged\u001b[2K\u2028'

  test.each([
    { field: 'error', params: { error: lines } },
    { field: 'error_description', params: { error: 'server_error', error_description: lines.repeat(100) } },
  ])('$field', async ({ params }) => {
    const op = await startScriptedProvider()
    const { app, person } = await open({
      entries: () => [oidc({ id: 'op', issuer: op.issuer, clientId: 'app', clientSecret: 'secret' })],
    })
    const ann = person()
    const state = (await ann.begin()).searchParams.get('state') ?? ''
    const given = new URLSearchParams({ state, ...params })
    const response = await ann.browser.fetch(`/auth/callback/op?${given.toString()}`)
    expect(response.headers.get('location')).toBe(`${app.origin}/?error=OAuthCallbackError`)
    const log = app.log.join('')
    expect(log).toContain('the callback of "op" was refused')
    expect(log).not.toMatch(/\n *error: forged/)
    for (const control of ['\u001b', '\r', '\u2028']) expect(log).not.toContain(control)
    expect(log.length).toBeLessThan(3_000)
    await op.stop()
  })
})
