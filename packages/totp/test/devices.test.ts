import { expect, test } from 'vitest'
import type { Client } from '../../../test/support/client.ts'
import { openMemory } from '../../../test/support/stores.ts'
import { openApp, type TotpApp } from './support/app.ts'

const DAY = 86_400

/** Signs in with both factors, and has the browser remembered. */
async function remember(app: TotpApp, secret: string, name = 'ann'): Promise<Client> {
  const { client, challenge } = await app.signIn('cookie', name)
  const answer = await client.mutate('auth.totp.verify', { challenge, code: app.code(secret), remember: true })
  expect(answer.kind).toBeNull()
  return client
}

/** Whether a sign-in from this browser asks for the second factor. */
async function asks(app: TotpApp, client: Client, name = 'ann'): Promise<boolean> {
  return (await app.signIn('cookie', name, client)).challenge !== ''
}

function readDevice(client: Client): string {
  const [cookie] = [...client.cookies].filter(([name]) => name.includes('totp'))
  return cookie?.[1] ?? ''
}

test('a browser is remembered if that was asked for, for 30 days, and no longer', async () => {
  const app = await openApp()
  const { secret } = await app.enrolled('cookie')
  const client = await remember(app, secret)
  expect(await asks(app, client)).toBe(false)
  expect((await client.query('guarded')).data).toMatchObject({ amr: ['pwd'] })
  expect((await client.mutate('mfa')).kind).toBe('StepUpRequired')
  expect(await asks(app, app.client('cookie'))).toBe(true)
  app.wait(30 * DAY - 60)
  expect(await asks(app, client)).toBe(false)
  app.wait(60)
  expect(await asks(app, client)).toBe(true)
})

test('a browser is not remembered if that was not asked for, or is switched off', async () => {
  for (const options of [{}, { totp: { remember: false } }] as const) {
    const app = await openApp(options)
    const { secret } = await app.enrolled('cookie')
    const { client, challenge } = await app.signIn('cookie')
    const input = { challenge, code: app.code(secret), ...('totp' in options && { remember: true }) }
    await client.mutate('auth.totp.verify', input)
    expect([await client.whoAmI(), readDevice(client)]).toEqual(['ann', ''])
  }
})

test('a client that keeps tokens is not remembered', async () => {
  const app = await openApp()
  const { secret } = await app.enrolled('token')
  const { client, challenge } = await app.signIn('token')
  const answer = await client.mutate('auth.totp.verify', { challenge, code: app.code(secret), remember: true })
  expect([answer.data.status, answer.headers.getSetCookie()]).toEqual(['tokens', []])
})

test('a wrong code remembers nothing', async () => {
  const app = await openApp()
  await app.enrolled('cookie')
  const { client, challenge } = await app.signIn('cookie')
  const answer = await client.mutate('auth.totp.verify', { challenge, code: '000000', remember: true })
  expect([answer.kind, answer.headers.getSetCookie()]).toEqual(['CredentialsSignin', []])
})

test.each([
  {
    what: 'the cookie of another person',
    attack: async (app: TotpApp) =>
      readDevice(await remember(app, (await app.enrolled('cookie', 'bob')).secret, 'bob')),
  },
  { what: 'a challenge', attack: async (app: TotpApp) => (await app.signIn('cookie')).challenge },
  {
    what: 'the session’s cookie',
    attack: async (_: TotpApp, own: Client) => own.cookies.get('latchkey.session') ?? '',
  },
  { what: 'nothing', attack: async () => '' },
  { what: 'a part of it', attack: async (_: TotpApp, own: Client) => readDevice(own).slice(0, -1) },
])('a browser is not remembered by $what', async ({ attack }) => {
  const app = await openApp()
  const { secret } = await app.enrolled('cookie')
  const own = await remember(app, secret)
  const [name = ''] = [...own.cookies.keys()].filter((cookie) => cookie.includes('totp'))
  expect(name).toMatch(/totp/)
  const thief = app.client('cookie')
  thief.cookies.set(name, readDevice(own))
  expect(await asks(app, thief), 'the accepted case').toBe(false)
  const other = app.client('cookie')
  other.cookies.set(name, await attack(app, own))
  expect(await asks(app, other)).toBe(true)
})

test('whoever disables the second factor, or sets it up again, ends what was remembered', async () => {
  const app = await openApp()
  const { secret } = await app.enrolled('cookie')
  const client = await remember(app, secret)
  app.wait(30)
  await client.mutate('auth.totp.stepUp', { code: app.code(secret) })
  const next = (await client.mutate<{ secret: string }>('auth.totp.enrol')).data.secret
  expect(await asks(app, client), 'it is not confirmed yet').toBe(false)
  await client.mutate('auth.totp.stepUp', { code: app.code(secret, 1) })
  await client.mutate('auth.totp.confirm', { code: app.code(next) })
  expect(await asks(app, client)).toBe(true)
})

test('the first of several secrets seals a code’s secret anew each time that it is used, so that an old one can go', async () => {
  const store = await openMemory()
  const [one, two] = ['pT4xW8b2N6m0Q3v7Y1c5E9h3K7r1U5aZ', 'aB3dF6hJ9kM2nP5rS8tV1wX4yZ7cE0gH']
  const first = await openApp({ store, secret: one })
  const { secret } = await first.enrolled('cookie')
  const both = await openApp({ store, secret: [two, one] })
  both.wait(60)
  const { challenge } = await both.signIn('cookie')
  const used = { challenge, code: both.code(secret) }
  expect((await both.client('cookie').mutate('auth.totp.verify', used)).kind).toBeNull()
  const second = await openApp({ store, secret: two })
  second.wait(120)
  const waiting = await second.signIn('cookie')
  const later = { challenge: waiting.challenge, code: second.code(secret) }
  expect((await second.client('cookie').mutate('auth.totp.verify', later)).kind).toBeNull()
  const third = await openApp({ store, secret: one })
  third.wait(240)
  const lost = await third.signIn('cookie')
  const failed = await third.client('cookie').mutate('auth.totp.verify', { challenge: lost.challenge, code: '000000' })
  expect(failed).toMatchObject({ status: 500, kind: 'Configuration' })
  expect(third.log.join()).toContain('Put it back')
})
