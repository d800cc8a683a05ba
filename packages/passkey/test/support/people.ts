import { type AnyPlugin, credentials } from '@latchkey/core'
import { z } from 'zod'
import { type AppOptions, startApp, type TestApp } from '../../../../test/support/app.ts'
import type { Answer, Client, Flow } from '../../../../test/support/client.ts'
import {
  passkey,
  type PasskeyInfo,
  type PasskeyOptions,
  type RegistrationOptions,
  type SignInOptions,
} from '../../src/index.ts'
import { type Authenticator, type AuthenticatorOptions, createAuthenticator, type Forgery } from './authenticator.ts'

export interface PasskeyAppOptions extends AppOptions {
  readonly passkey?: PasskeyOptions
  /** Besides `passkey()`. */
  readonly more?: readonly AnyPlugin[]
}

/** An app with passkeys, where whoever names themselves is in. */
export function startPasskeyApp({ passkey: own, more = [], ...options }: PasskeyAppOptions): Promise<TestApp> {
  return startApp({
    plugins: [passkey(own), ...more],
    providers: [
      credentials({
        id: 'name',
        input: z.object({ id: z.string() }),
        identify: ({ id }) => id,
        authorize: ({ id }) => ({ id, email: `${id}@example.com`, name: id }),
      }),
    ],
    ...options,
  })
}

/** Somebody with a device. */
export interface Person {
  readonly id: string
  readonly email: string
  readonly client: Client
  readonly device: Authenticator
}

/** Somebody new, signed in by name, with a device that has no passkey yet. */
export async function createPerson(
  app: TestApp,
  flow: Flow,
  options: Omit<AuthenticatorOptions, 'origin'> = {},
): Promise<Person> {
  const id = `user-${crypto.randomUUID()}`
  const client = app.client(flow)
  const { kind } = await client.mutate('auth.signIn', { provider: 'name', id })
  if (kind) throw new Error(`the sign-in by name failed: ${kind}`)
  return { id, email: `${id}@example.com`, client, device: createAuthenticator({ origin: app.origin, ...options }) }
}

/** Registers a passkey of the person's device. */
export async function register(
  { client, device }: Pick<Person, 'client' | 'device'>,
  { name, ...forgery }: Forgery & { readonly name?: string } = {},
): Promise<Answer<PasskeyInfo>> {
  const options = await client.mutate<RegistrationOptions>('auth.passkey.registerOptions')
  if (options.kind) throw new Error(`no options: ${options.kind}`)
  const response = device.create(options.data, forgery)
  return client.mutate('auth.passkey.register', { response, ...(name !== undefined && { name }) })
}

/** Somebody new with a passkey. */
export async function createOwner(
  app: TestApp,
  flow: Flow,
  options: Omit<AuthenticatorOptions, 'origin'> = {},
): Promise<Person & { readonly passkey: PasskeyInfo }> {
  const person = await createPerson(app, flow, options)
  const { data, kind } = await register(person)
  if (kind) throw new Error(`the registration failed: ${kind}`)
  return { ...person, passkey: data }
}

/** What `signIn` takes of a client that has asked for options. */
export interface Asked {
  readonly options: SignInOptions
  readonly handle: object
}

export async function ask(client: Client, email?: string): Promise<Asked> {
  const { data, kind } = await client.mutate<SignInOptions>(
    'auth.passkey.signInOptions',
    email === undefined ? {} : { email },
  )
  if (kind) throw new Error(`no options: ${kind}`)
  const { handle, ...options } = data
  return { options, handle: handle === undefined ? {} : { handle } }
}

/** Signs in with a passkey of the device. */
export async function signIn(
  client: Client,
  device: Authenticator,
  { email, ...forgery }: Forgery & { readonly email?: string } = {},
): Promise<Answer> {
  const { options, handle } = await ask(client, email)
  return client.mutate('auth.signIn', { provider: 'passkey', response: device.get(options, forgery), ...handle })
}
