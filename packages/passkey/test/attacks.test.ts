import { generateKeyPairSync } from 'node:crypto'
import { memoryAdapter } from '@latchkey/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestApp } from '../../../test/support/app.ts'
import type { Answer, Client } from '../../../test/support/client.ts'
import { describeEachWay } from '../../../test/support/each-way.ts'
import type { PasskeyInfo, RegistrationOptions, RegistrationResponse, SignInResponse } from '../src/index.ts'
import type { Forgery } from './support/authenticator.ts'
import { ask, createOwner, createPerson, type Person, register, signIn, startPasskeyApp } from './support/people.ts'

const HUGE = 'A'.repeat(1_000_000)

describeEachWay(({ flow, strategy }) => {
  let app: TestApp
  let now = Date.UTC(2026, 10, 29)
  let ann: Person & { readonly passkey: PasskeyInfo }
  let bob: Person & { readonly passkey: PasskeyInfo }
  let addresses = 0

  /** From an address of its own: refusals are counted per address. */
  const visit = (): Client => app.client(flow, { address: `198.51.100.${addresses++ % 250}` })

  beforeAll(async () => {
    app = await startPasskeyApp({
      adapter: memoryAdapter(),
      strategy,
      clock: () => new Date(now),
      passkey: { origins: ['android:apk-key-hash:pNiP5iKyQ8JwgGOaKA1zGPUPJIS-0H1xKCQcfIoGLck'] },
      trustedOrigins: ['https://admin.example.com', 'https://*.preview.example.com'],
    })
    ann = await createOwner(app, flow)
    bob = await createOwner(app, flow)
  })
  afterAll(() => app?.stop())

  describe('a response that is no proof', () => {
    const otherKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    const bobsHandle = () => bob.device.credentials[0]?.userHandle ?? ''
    test.each<[string, () => Forgery & { email?: string }, string | null]>([
      ['nothing wrong', () => ({}), null],
      ['a trusted origin', () => ({ origin: 'https://admin.example.com' }), null],
      ['an origin that a pattern trusts', () => ({ origin: 'https://pr-7.preview.example.com' }), null],
      [
        'the app for Android',
        () => ({ origin: 'android:apk-key-hash:pNiP5iKyQ8JwgGOaKA1zGPUPJIS-0H1xKCQcfIoGLck' }),
        null,
      ],
      ['another app for Android', () => ({ origin: 'android:apk-key-hash:AAAA' }), 'CredentialsSignin'],
      ['another origin', () => ({ origin: 'https://evil.example' }), 'CredentialsSignin'],
      ['another port', () => ({ origin: 'http://localhost:1' }), 'CredentialsSignin'],
      ['an origin that begins like ours', () => ({ origin: `${app.origin}.evil.example` }), 'CredentialsSignin'],
      ['a frame in a foreign page', () => ({ crossOrigin: true }), 'CredentialsSignin'],
      ['another rpId', () => ({ rpId: 'evil.example' }), 'CredentialsSignin'],
      ['the type of a registration', () => ({ type: 'webauthn.create' }), 'CredentialsSignin'],
      ['a challenge that nobody issued', () => ({ challenge: 'A'.repeat(43) }), 'PasskeyChallengeExpired'],
      ['an empty challenge', () => ({ challenge: '' }), 'PasskeyChallengeExpired'],
      ['a changed signature', () => ({ isTampered: true }), 'CredentialsSignin'],
      ['the key of another credential', () => ({ key: otherKey() }), 'CredentialsSignin'],
      ['another person’s credential id', () => ({ id: bob.device.credentials[0]?.id ?? '' }), 'CredentialsSignin'],
      ['a credential id that nobody has', () => ({ id: 'AAAA' }), 'CredentialsSignin'],
      ['another person’s user handle', () => ({ userHandle: bobsHandle() }), 'CredentialsSignin'],
      ['no user handle, and nobody was asked for', () => ({ userHandle: null }), 'CredentialsSignin'],
      ['no user handle, and they were asked for', () => ({ userHandle: null, email: ann.email }), null],
      ['nobody touched the authenticator', () => ({ flags: 8 | 16 | 4 }), 'CredentialsSignin'],
      ['it can no longer be copied', () => ({ flags: 1 | 4 }), 'CredentialsSignin'],
      ['flags that contradict each other', () => ({ flags: 1 | 4 | 16 }), 'CredentialsSignin'],
    ])('%s', async (_what, forge, kind) => {
      const client = visit()
      const answer = await signIn(client, ann.device, forge())
      expect(answer.kind).toBe(kind)
      expect(await client.whoAmI()).toBe(kind === null ? ann.id : null)
    })

    test('one of a person who was not asked for', async () => {
      const client = visit()
      const [{ options: forBob, handle }, { options: any }] = [await ask(client, bob.email), await ask(visit())]
      const response = ann.device.get({ ...any, challenge: forBob.challenge })
      const input = { provider: 'passkey', response, ...handle }
      expect(await client.mutate('auth.signIn', input)).toMatchObject({ status: 401, kind: 'CredentialsSignin' })
    })
  })

  describe('a challenge', () => {
    const answer = async (client: Client, asked: Awaited<ReturnType<typeof ask>>) => {
      const response = ann.device.get(asked.options)
      return client.mutate('auth.signIn', { provider: 'passkey', response, ...asked.handle })
    }

    test('of another browser or client is refused', async () => {
      const [mine, other] = [visit(), visit()]
      const [asked, theirs] = [await ask(mine), await ask(other)]
      const response = ann.device.get(asked.options)
      for (const handle of [theirs.handle, {}]) {
        const input = { provider: 'passkey', response, ...handle }
        expect(await other.mutate('auth.signIn', input)).toMatchObject({ kind: 'PasskeyChallengeExpired' })
      }
      expect(await answer(mine, asked)).toMatchObject({ status: 200 })
    })

    test('of a client that keeps tokens signs no browser in, and the other way round', async () => {
      const other = app.client(flow === 'cookie' ? 'token' : 'cookie')
      const asked = await ask(other)
      const client = visit()
      for (const [name, value] of other.cookies) client.cookies.set(name, value)
      expect(await answer(client, asked)).toMatchObject({ kind: 'PasskeyChallengeExpired' })
    })

    test('works for five minutes', async () => {
      const [early, late] = [visit(), visit()]
      const [first, second] = [await ask(early), await ask(late)]
      now += 299_000
      expect(await answer(early, first)).toMatchObject({ status: 200 })
      now += 1_000
      expect(await answer(late, second)).toMatchObject({ status: 400, kind: 'PasskeyChallengeExpired' })
    })

    test('isn’t kept alive by a newer one of the same browser', async () => {
      const client = visit()
      const older = await ask(client)
      now += 200_000
      const newer = await ask(client)
      now += 101_000
      expect(await answer(client, older)).toMatchObject({ kind: 'PasskeyChallengeExpired' })
      expect(await answer(client, newer)).toMatchObject({ status: 200 })
    })

    test('O05: of several tabs each has its own, the newest five, in any order', async () => {
      const client = visit()
      const asked = []
      for (let tab = 0; tab < 6; tab++) asked.push(await ask(client))
      const [oldest, ...others] = asked
      for (const one of others.toReversed()) expect(await answer(client, one)).toMatchObject({ status: 200 })
      const kind = flow === 'cookie' ? 'PasskeyChallengeExpired' : null
      if (oldest) expect(await answer(client, oldest)).toMatchObject({ kind })
    })

    test('J07: of a registration signs nobody in, and one of a sign-in registers nothing', async () => {
      await ann.client.mutate('auth.signIn', { provider: 'name', id: ann.id })
      const { data: registration } = await ann.client.mutate<RegistrationOptions>('auth.passkey.registerOptions')
      const { options, handle } = await ask(ann.client)
      const response = ann.device.get({ ...options, challenge: registration.challenge })
      const signsIn = await ann.client.mutate('auth.signIn', { provider: 'passkey', response, ...handle })
      expect(signsIn).toMatchObject({ kind: 'PasskeyChallengeExpired' })
      const created = ann.device.create({ ...registration, challenge: options.challenge })
      ann.device.credentials.pop()
      const registers = await ann.client.mutate('auth.passkey.register', { response: created })
      expect(registers).toMatchObject({ kind: 'PasskeyChallengeExpired' })
    })
  })

  describe('a registration', () => {
    let person: Person
    const begin = async ({ client }: Person) =>
      (await client.mutate<RegistrationOptions>('auth.passkey.registerOptions')).data
    const end = async ({ client }: Person, response: RegistrationResponse): Promise<Answer> =>
      client.mutate('auth.passkey.register', { response })

    beforeAll(async () => {
      person = await createPerson(app, flow)
    })

    test.each<[string, Forgery, string | null]>([
      ['nothing wrong', {}, null],
      ['another origin', { origin: 'https://evil.example' }, 'PasskeyRefused'],
      ['a frame in a foreign page', { crossOrigin: true }, 'PasskeyRefused'],
      ['another rpId', { rpId: 'evil.example' }, 'PasskeyRefused'],
      ['the type of a sign-in', { type: 'webauthn.get' }, 'PasskeyRefused'],
      ['a challenge that nobody issued', { challenge: 'A'.repeat(43) }, 'PasskeyChallengeExpired'],
      ['nobody touched the authenticator', { flags: 8 | 4 }, 'PasskeyRefused'],
      ['flags that contradict each other', { flags: 1 | 16 }, 'PasskeyRefused'],
      [
        'an attestation that nobody asked for: it is not read',
        { fmt: 'packed', attStmt: new Map([['alg', -7]]) },
        null,
      ],
    ])('%s', async (_what, forgery, kind) => {
      expect(await register(person, forgery)).toMatchObject({ kind })
    })

    test('with the challenge of another person, or of another session of theirs, is refused', async () => {
      const other = await createPerson(app, flow)
      const again = { ...person, client: app.client(flow) }
      await again.client.mutate('auth.signIn', { provider: 'name', id: person.id })
      for (const thief of [other, again]) {
        const options = await begin(person)
        const response = thief.device.create(options)
        expect(await end(thief, response)).toMatchObject({ status: 400, kind: 'PasskeyChallengeExpired' })
        expect(await end(person, response)).toMatchObject({ status: 200 })
        expect(await end(person, response)).toMatchObject({ kind: 'PasskeyChallengeExpired' })
      }
    })

    test('of a credential that another person has is refused, and signs in as the one it was', async () => {
      const other = await createPerson(app, flow)
      const { id = '' } = ann.device.credentials[0] ?? {}
      expect(await register(other, { id })).toMatchObject({ status: 409, kind: 'PasskeyTaken' })
      const client = visit()
      expect(await signIn(client, ann.device)).toMatchObject({ status: 200 })
      expect(await client.whoAmI()).toBe(ann.id)
    })

    test('takes five minutes at most, and a recent sign-in', async () => {
      const late = await createPerson(app, flow)
      const options = await begin(late)
      now += 300_000
      expect(await end(late, late.device.create(options))).toMatchObject({ kind: 'PasskeyChallengeExpired' })
      now += 301_000
      for (const path of ['registerOptions', 'register', 'remove'] as const) {
        expect(await late.client.mutate(`auth.passkey.${path}`, {})).toMatchObject({ kind: 'StepUpRequired' })
      }
    })

    test('is for people who are signed in', async () => {
      for (const path of ['registerOptions', 'register', 'rename', 'remove'])
        expect(await visit().mutate(`auth.passkey.${path}`)).toMatchObject({ status: 401, kind: 'SessionRequired' })
      expect(await visit().query('auth.passkey.list')).toMatchObject({ status: 401, kind: 'SessionRequired' })
    })
  })

  describe('input of any size and form', () => {
    test.each<[string, (response: SignInResponse) => unknown]>([
      ['no response', () => undefined],
      ['a text', () => 'response'],
      ['an endless id', (response) => ({ ...response, id: HUGE, rawId: HUGE })],
      ['endless data', ({ response, ...rest }) => ({ ...rest, response: { ...response, authenticatorData: HUGE } })],
      ['an endless signature', ({ response, ...rest }) => ({ ...rest, response: { ...response, signature: HUGE } })],
      [
        'endless client data',
        ({ response, ...rest }) => ({ ...rest, response: { ...response, clientDataJSON: HUGE } }),
      ],
      ['an id that is an object', (response) => ({ ...response, id: { toString: 'x' } })],
      ['a polluted prototype', (response) => JSON.parse(`{"__proto__":${JSON.stringify(response)}}`) as unknown],
    ])('%s is InvalidInput', async (_what, change) => {
      const client = visit()
      const { options, handle } = await ask(client)
      const response = change(ann.device.get(options))
      const answer = await client.mutate('auth.signIn', { provider: 'passkey', response, ...handle })
      expect(answer).toMatchObject({ status: 400, kind: 'InvalidInput' })
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    })

    test.each<[string, (response: SignInResponse['response']) => SignInResponse['response']]>([
      ['client data that is no JSON', (response) => ({ ...response, clientDataJSON: 'AAAA' })],
      ['client data that is null', (response) => ({ ...response, clientDataJSON: toBase64url('null') })],
      ['client data that is no base64url', (response) => ({ ...response, clientDataJSON: '!!!!' })],
      ['data that is cut off', (response) => ({ ...response, authenticatorData: 'AAAA' })],
      [
        'data with more behind it',
        (response) => ({ ...response, authenticatorData: `${response.authenticatorData}AAAA` }),
      ],
      ['a signature that is no DER', (response) => ({ ...response, signature: 'AAAA' })],
      ['data that is no base64url', (response) => ({ ...response, authenticatorData: '!!!!' })],
    ])('%s is refused', async (_what, change) => {
      const client = visit()
      const { options, handle } = await ask(client)
      const { response, ...rest } = ann.device.get(options)
      const input = { provider: 'passkey', response: { ...rest, response: change(response) }, ...handle }
      expect(await client.mutate('auth.signIn', input)).toMatchObject({ status: 401, kind: 'CredentialsSignin' })
    })

    test.each([
      ['cut off', (text: string) => text.slice(0, 80)],
      ['no CBOR', () => '____'],
      ['CBOR of something else', () => 'gwECAw'],
      ['no base64url', () => '!!!!'],
    ])('an attestation that is %s is refused', async (_what, change) => {
      const person = await createPerson(app, flow)
      const { data } = await person.client.mutate<RegistrationOptions>('auth.passkey.registerOptions')
      const { response, ...rest } = person.device.create(data)
      const changed = { ...rest, response: { ...response, attestationObject: change(response.attestationObject) } }
      const answer = await person.client.mutate('auth.passkey.register', { response: changed })
      expect(answer).toMatchObject({ status: 400, kind: 'PasskeyRefused' })
    })
  })
})

function toBase64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}
