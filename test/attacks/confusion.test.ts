import { apiKeys } from '@latchkey/api-keys'
import { credentials } from '@latchkey/core'
import { changeEmail, emailCode, magicLink } from '@latchkey/email'
import { oauth, oidc } from '@latchkey/oauth'
import { passkey } from '@latchkey/passkey'
import { password } from '@latchkey/password'
import { totp } from '@latchkey/totp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type ScriptedProvider, startScriptedProvider } from '../../packages/oauth/test/support/scripted-provider.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { openMemory } from '../support/stores.ts'
import { toTotpCode } from './totp-code.ts'

const NOW = Date.now()
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const name = credentials({
  id: 'name',
  input: z.object({ id: z.string() }),
  identify: ({ id }) => id,
  authorize: ({ id }) => ({ id, email: `${id}@example.com`, name: id }),
})

let app: TestApp
let op: ScriptedProvider
const mails: string[] = []
/** Everything that the app hands out, by what it is. */
const values = new Map<string, string>()
let secret = ''

beforeAll(async () => {
  op = await startScriptedProvider()
  const { adapter } = await openMemory()
  const send = async (mail: object) => void mails.push(JSON.stringify(mail))
  const plugins = [
    oauth([oidc({ id: 'op', issuer: op.issuer, clientId: 'app', clientSecret: 'secret' })]),
    ...[emailCode({ send }), magicLink({ send }), changeEmail({ send }), password({ send }), passkey(), totp()],
    apiKeys({ scopes: ['all'] }),
  ]
  app = await startApp({
    adapter,
    strategy: 'jwt',
    now: NOW,
    providers: [name],
    plugins,
    trustedOrigins: ['app://host'],
  })
  await collect()
})
afterAll(async () => {
  await app.stop()
  await op.stop()
})

async function collect(): Promise<void> {
  const [browser, native] = [app.client('cookie'), app.client('token')]
  await browser.mutate('auth.signIn', { provider: 'name', id: 'bob' })
  await native.mutate('auth.signIn', { provider: 'name', id: 'bob' })
  values.set('access token', native.tokens?.accessToken ?? '')
  values.set('refresh token', native.tokens?.refreshToken ?? '')
  values.set(
    'API key',
    (await browser.mutate<{ key: string }>('auth.apiKey.create', { name: 'k', scopes: ['all'] })).data?.key ?? '',
  )
  await browser.mutate('auth.signIn', { provider: 'op', redirectTo: '/in' })
  const input = { provider: 'op', redirectTo: 'app://host/x', codeChallenge: CHALLENGE }
  const start = (await native.mutate<{ url: string }>('auth.signIn', input)).data.url
  values.set('start of a flow', new URL(start).searchParams.get('flow') ?? '')
  let url = start
  const other = app.client('cookie')
  for (let step = 0; step < 5 && url.startsWith('http'); step++)
    url =
      (url.startsWith(app.origin) ? await other.fetch(url) : await fetch(url, { redirect: 'manual' })).headers.get(
        'location',
      ) ?? ''
  values.set('code of a flow', new URL(url).searchParams.get('code') ?? '')
  const form = await browser.fetch('/auth/callback/op', { method: 'POST', body: new URLSearchParams({ state: 'x' }) })
  values.set('sealed form', new URL(form.headers.get('location') ?? '').searchParams.get('sealed') ?? '')
  values.set(
    'passkey challenge',
    (await browser.mutate<{ challenge: string }>('auth.passkey.signInOptions')).data.challenge,
  )
  await browser.mutate('auth.password.signUp', { email: 'eve@example.com', password: 'a long enough passphrase' })
  await browser.mutate('auth.signIn', { provider: 'magic-link', email: 'bob@example.com' })
  await browser.mutate('auth.signIn', { provider: 'email-code', email: 'bob@example.com' })
  await browser.mutate('auth.password.forgot', { email: 'bob@example.com' })
  await new Promise((resolve) => setTimeout(resolve, 500))
  for (const [index, mail] of mails.entries()) {
    const token = /[#?&]token=([\w.~%-]+)/.exec(mail)?.[1]
    if (token !== undefined) values.set(`token of mail ${index}`, decodeURIComponent(token))
  }
  const ann = app.client('cookie')
  await ann.mutate('auth.signIn', { provider: 'name', id: 'ann' })
  secret = (await ann.mutate<{ secret: string }>('auth.totp.enrol')).data.secret
  await ann.mutate('auth.totp.confirm', { code: toTotpCode(secret, NOW - 30_000) })
  const { challenge } = (await ann.mutate<{ challenge: string }>('auth.signIn', { provider: 'name', id: 'ann' })).data
  const verified = await ann.mutate('auth.totp.verify', { challenge, code: toTotpCode(secret, NOW), remember: true })
  expect(verified.kind).toBeNull()
  const next = await app.client('cookie').mutate<{ challenge: string }>('auth.signIn', { provider: 'name', id: 'ann' })
  values.set('challenge', next.data.challenge)
  for (const [cookie, value] of [...browser.cookies, ...ann.cookies])
    values.set(`cookie ${cookie}`, decodeURIComponent(value))
}

/** Where each of them can be pasted, and whether it is accepted there. */
const PLACES: readonly { place: string; paste: (value: string) => Promise<boolean> }[] = [
  { place: 'session cookie', paste: (value) => isKnown({ cookie: `latchkey.session=${value}` }) },
  { place: 'bearer', paste: (value) => isKnown({ authorization: `Bearer ${value}` }) },
  { place: 'refresh', paste: (refreshToken) => isTaken('auth.token', { refreshToken }) },
  { place: 'exchange', paste: (code) => isTaken('auth.oauth.exchange', { code, codeVerifier: VERIFIER }) },
  { place: 'reset', paste: (token) => isTaken('auth.password.reset', { token, password: 'another long passphrase' }) },
  {
    place: 'verifyEmail',
    paste: (token) => isTaken('auth.password.verifyEmail', { token, password: 'a long enough passphrase' }),
  },
  { place: 'magic link', paste: (token) => isTaken('auth.magicLink.confirm', { token }) },
  {
    place: 'totp challenge',
    paste: (challenge) => isTaken('auth.totp.verify', { challenge, code: toTotpCode(secret, NOW + 30_000) }),
  },
  { place: 'start', paste: async (value) => isRedirect(`/auth/oauth/start?flow=${encodeURIComponent(value)}`) },
  { place: 'sealed', paste: async (value) => isRedirect(`/auth/callback/op?sealed=${encodeURIComponent(value)}`) },
  { place: 'flow cookie', paste: pasteFlow },
  { place: 'remembered device', paste: pasteDevice },
]

async function isKnown(headers: Record<string, string>): Promise<boolean> {
  const response = await app.client('cookie').fetch('/trpc/guarded', { headers })
  expect(response.status).toBeLessThan(500)
  return response.status === 200
}

async function isTaken(path: string, input: object): Promise<boolean> {
  const { status } = await app.client('token').mutate(path, input)
  expect(status).toBeLessThan(500)
  expect(status).not.toBe(404)
  return status === 200
}

async function isRedirect(path: string): Promise<boolean> {
  const location = (await app.client('cookie').fetch(path)).headers.get('location') ?? ''
  expect(location).not.toContain('CallbackRouteError')
  return !location.includes('error=')
}

async function pasteFlow(value: string): Promise<boolean> {
  const browser = app.client('cookie')
  const { url } = (await browser.mutate<{ url: string }>('auth.signIn', { provider: 'op' })).data
  const state = new URL(url).searchParams.get('state') ?? ''
  for (const cookie of browser.cookies.keys()) browser.cookies.set(cookie, encodeURIComponent(value))
  const { headers } = await browser.fetch(`/auth/callback/op?${new URLSearchParams({ state, code: 'x' }).toString()}`)
  return !(headers.get('location') ?? 'error=').includes('error=')
}

async function pasteDevice(value: string): Promise<boolean> {
  const browser = app.client('cookie')
  browser.cookies.set('latchkey.totp.device', encodeURIComponent(value))
  const { data } = await browser.mutate<{ status: string }>('auth.signIn', { provider: 'name', id: 'ann' })
  return data.status === 'signedIn'
}

test('J07 what one part hands out is accepted by no other', async () => {
  const accepted: string[] = []
  for (const { place, paste } of PLACES)
    for (const [what, value] of values) if (await paste(value)) accepted.push(`${what} -> ${place}`)
  expect(accepted).toEqual([
    'cookie latchkey.session -> session cookie',
    'access token -> bearer',
    'refresh token -> refresh',
    'code of a flow -> exchange',
    'token of mail 0 -> verifyEmail',
    'challenge -> totp challenge',
    'start of a flow -> start',
    'cookie latchkey.totp.device -> remembered device',
  ])
})
