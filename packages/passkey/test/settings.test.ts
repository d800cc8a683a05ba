import { createAuth, memoryAdapter } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { passkey, type PasskeyOptions, type RegistrationOptions, type SignInOptions } from '../src/index.ts'
import { createOwner, createPerson, register, signIn, startPasskeyApp } from './support/people.ts'

const SECRET = 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa'

describe('options are checked at construction', () => {
  test.each<[string, PasskeyOptions, RegExp]>([
    ['an rpId with a scheme', { rpId: 'https://example.com' }, /passkey\.rpId/],
    ['an rpId with a port', { rpId: 'localhost:3000' }, /passkey\.rpId/],
    ['an origin that is none', { origins: ['my app'] }, /passkey\.origins/],
    ['a verification that there isn’t', { userVerification: 'always' as 'required' }, /passkey\.userVerification/],
    ['no passkeys at all', { maxPerUser: 0 }, /passkey\.maxPerUser/],
    ['more than a security key takes', { maxPerUser: 65 }, /passkey\.maxPerUser/],
  ])('%s', (_what, options, says) => {
    expect(() => passkey(options)).toThrow(
      expect.objectContaining({ kind: 'Configuration', message: expect.stringMatching(says) }),
    )
  })

  test('a store is needed', () => {
    expect(() => createAuth({ secret: SECRET, plugins: [passkey()] })).toThrow(
      /needs getUser, getUserByEmail: pass an adapter/,
    )
  })
})

describe('the domain', () => {
  test.each<[string, string, PasskeyOptions, string | RegExp]>([
    ['is the host of baseUrl', 'https://app.example.com', {}, 'app.example.com'],
    ['may be its parent', 'https://app.example.com', { rpId: 'example.com' }, 'example.com'],
    ['may not be another', 'https://app.example.com', { rpId: 'example.org' }, /passkey\.rpId/],
    ['may not only end like it', 'https://badexample.com', { rpId: 'example.com' }, /passkey\.rpId/],
    ['is none for an IPv4 address', 'http://127.0.0.1:3000', {}, /baseUrl.*localhost/],
    ['is none for an IPv6 address', 'http://[::1]:3000', {}, /baseUrl.*localhost/],
  ])('%s', async (_what, baseUrl, options, expected) => {
    const app = await startPasskeyApp({ adapter: memoryAdapter(), baseUrl, passkey: options })
    // Node's fetch sends no other Host; this header is the one that proxies write.
    const headers = { 'content-type': 'application/json', origin: baseUrl, 'x-forwarded-host': 'evil.example' }
    const response = await fetch(`${app.origin}/trpc/auth.passkey.signInOptions`, {
      method: 'POST',
      headers,
      body: '{}',
    })
    if (typeof expected === 'string') {
      const { result } = (await response.json()) as { result: { data: SignInOptions } } // what tRPC answers
      expect(result.data.rpId).toBe(expected)
    } else {
      expect(response.status).toBe(500)
      expect(app.log.join()).toMatch(expected)
    }
    await app.stop()
  })
})

test('a registration asks for a discoverable credential and no attestation, by the app’s name', async () => {
  const app = await startPasskeyApp({ adapter: memoryAdapter(), passkey: { rpName: 'Acme' } })
  const { client, email, id } = await createPerson(app, 'cookie')
  const { data } = await client.mutate<RegistrationOptions>('auth.passkey.registerOptions')
  expect(data).toMatchObject({
    rp: { id: 'localhost', name: 'Acme' },
    user: { name: email, displayName: id },
    attestation: 'none',
    timeout: 300_000,
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  })
  expect(data.pubKeyCredParams.map(({ alg }) => alg)).toEqual([-8, -7, -257])
  await app.stop()
})

test('a verification that is required is required of both', async () => {
  const adapter = memoryAdapter()
  const lax = await startPasskeyApp({ adapter })
  const strict = await startPasskeyApp({ adapter, baseUrl: lax.origin, passkey: { userVerification: 'required' } })
  const touching = await createOwner(lax, 'cookie', { verifies: false })
  expect(await signIn(lax.client('cookie'), touching.device)).toMatchObject({ status: 200 })
  const answers = [
    await strict.auth.handler(
      new Request(`${lax.origin}/auth/passkey/sign-in-options`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json', origin: lax.origin },
      }),
    ),
  ]
  const options = (await answers[0]?.json()) as SignInOptions
  expect(options.userVerification).toBe('required')
  const cookie = answers[0]?.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const post = (response: unknown) =>
    strict.auth.handler(
      new Request(`${lax.origin}/auth/signin/passkey`, {
        method: 'POST',
        body: JSON.stringify({ response }),
        headers: { 'content-type': 'application/json', origin: lax.origin, cookie },
      }),
    )
  expect((await post(touching.device.get(options))).status).toBe(401)
  expect((await post(touching.device.get(options, { flags: 1 | 4 | 8 | 16 }))).status).toBe(200)
  await Promise.all([lax.stop(), strict.stop()])
  const own = await startPasskeyApp({ adapter, passkey: { userVerification: 'required' } })
  expect(await register(await createPerson(own, 'cookie', { verifies: false }))).toMatchObject({
    kind: 'PasskeyRefused',
  })
  await own.stop()
})
