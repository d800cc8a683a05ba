import {
  createAuth,
  definePlugin,
  instant,
  memoryAdapter,
  provider,
  signInMutation,
  table,
  text,
  user as userId,
} from '@latchkey/core'
import { createAuthRouter } from '@latchkey/trpc'
import { createTRPCClient, httpLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ADAPTER_NAMES, type AdapterName, ADAPTERS } from './support/server.ts'

const address = z.object({ email: z.string(), password: z.string() })

/** Accounts with a password, kept as it is: only an example. */
const password = definePlugin({
  id: 'password',
  tables: { passwords: table({ user: userId(), password: text(), changedAt: instant() }, { unique: [['user']] }) },
  needs: ['createUser', 'deleteUser', 'getUserByEmail'],
  errors: { EmailTaken: { code: 'CONFLICT', message: 'There is an account with this address.' } },
  setup: ({ tables, store, error, clock }) => ({
    providers: [
      provider({
        id: 'password',
        input: address,
        identify: ({ email }) => email,
        begin: async ({ email, password: given }) => {
          const known = await store.getUserByEmail(email)
          return known && (await tables.passwords.get({ user: known.id }))?.password === given ? { user: known } : null
        },
      }),
    ],
    operations: {
      signUp: signInMutation({
        input: address,
        run: (call, { email, password: given }) =>
          call.signIn({
            create: { email },
            belongings: async ({ id }) => {
              await tables.passwords.insert({ user: id, password: given, changedAt: clock() })
            },
            taken: () => error('EmailTaken'),
          }),
      }),
    },
  }),
})

/** A second step for users whose address begins with "careful". */
const code = definePlugin({
  id: 'code',
  setup: () => ({
    factors: { code: { isDue: ({ user }) => user.email?.startsWith('careful') ?? false } },
    operations: {
      verify: signInMutation({
        input: z.object({ challenge: z.string(), code: z.string() }),
        run: async (call, input) => {
          const pending = await call.pending(input.challenge)
          const check = () => (input.code === '123456' ? {} : null)
          await call.attempt({ what: 'verify', whom: pending.user.id }, check)
          return call.finish(pending, 'code')
        },
      }),
    },
  }),
})

const mail = provider({
  id: 'mail',
  type: 'email',
  input: z.object({ to: z.string() }),
  begin: ({ to }) => ({ answer: { status: 'sent', to } }),
})

async function open(adapter: AdapterName) {
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: 'http://app.test',
    adapter: memoryAdapter(),
    providers: [mail],
    plugins: [password, code],
    tokens: { enabled: true },
  })
  const kit = createAuthRouter(auth)
  const t = initTRPC.context<ReturnType<typeof kit.authContext>>().create({ errorFormatter: kit.authErrorFormatter })
  const router = t.router({ auth: kit.authRouter })
  const url = await ADAPTERS[adapter]({ router, createContext: kit.authContext })
  const openClient = () => {
    const cookies = new Map<string, string>()
    const send = async (input: string, init: RequestInit) => {
      const headers = new Headers(init.headers)
      headers.set('origin', 'http://app.test')
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
      const response = await fetch(input, { ...init, headers })
      for (const header of response.headers.getSetCookie()) {
        const [name = '', value = ''] = header.split(';', 1)[0]?.split('=') ?? []
        cookies.set(name, value)
      }
      return response
    }
    const links = [httpLink({ url, fetch: (input, init) => send(input as string, init as RequestInit) })] // as fetch takes them
    return { cookies, client: createTRPCClient<typeof router>({ links }) }
  }
  return { openClient, ...openClient() }
}

const ANN = { email: 'ann@example.com', password: 'right' }
const CAREFUL = { email: 'careful@example.com', password: 'right' }

test.each(ADAPTER_NAMES)('T7 sign-up, sign-in and a second step over real HTTP: %s', async (adapter) => {
  const { client, openClient } = await open(adapter)
  expect(await client.auth.password.signUp.mutate(ANN)).toMatchObject({
    status: 'signedIn',
    session: { user: { email: ANN.email } },
  })
  expect((await client.auth.session.query())?.user.email).toBe(ANN.email)
  await expect(openClient().client.auth.password.signUp.mutate(ANN)).rejects.toMatchObject({
    data: { kind: 'EmailTaken' },
  })
  const wrong = openClient().client.auth.signIn.mutate({ provider: 'password', ...ANN, password: 'wrong' })
  await expect(wrong).rejects.toMatchObject({ data: { kind: 'CredentialsSignin' } })

  const { client: other, cookies } = openClient()
  const first = await other.auth.password.signUp.mutate(CAREFUL)
  if (first.status !== 'challenge') throw new Error(`it is ${first.status}`)
  expect([first.factors, cookies.size, await other.auth.session.query()]).toEqual([['code'], 0, null])
  const { challenge } = first
  await expect(other.auth.code.verify.mutate({ challenge, code: '000000' })).rejects.toThrow('CredentialsSignin')
  expect(await other.auth.code.verify.mutate({ challenge, code: '123456' })).toMatchObject({ status: 'signedIn' })
  expect((await other.auth.session.query())?.user.email).toBe(CAREFUL.email)
})

test('T7 in the token flow the second step returns the tokens', async () => {
  const { client, cookies } = await open('standalone')
  await client.auth.password.signUp.mutate({ ...CAREFUL, flow: 'token' })
  const first = await client.auth.signIn.mutate({ provider: 'password', ...CAREFUL, flow: 'token' })
  if (first.status !== 'challenge') throw new Error(`it is ${first.status}`)
  const second = await client.auth.code.verify.mutate({ challenge: first.challenge, code: '123456', flow: 'token' })
  if (second.status !== 'tokens') throw new Error(`it is ${second.status}`)
  expect([typeof second.accessToken, typeof second.refreshToken, cookies.size]).toEqual(['string', 'string', 0])
})

test('an answer of a provider’s own is typed in the result', async () => {
  const { client } = await open('standalone')
  const result = await client.auth.signIn.mutate({ provider: 'mail', to: ANN.email })
  if (result.status !== 'sent') throw new Error(`it is ${result.status}`)
  expect(result.to satisfies string).toBe(ANN.email)
})
