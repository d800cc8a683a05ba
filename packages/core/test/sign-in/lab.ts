import { z } from 'zod'
import {
  type Account,
  type Adapter,
  type AnyProvider,
  definePlugin,
  type Factor,
  memoryAdapter,
  type NewUser,
  provider,
  signInMutation,
  type SigningInCall,
  type Step,
  type Verified,
} from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { makeAuth, openClock, openLog } from '../support/auth.ts'
import { createBrowser, readJson, readKind } from '../support/browser.ts'

/** A store of its own for one test. */
export interface OpenStore {
  readonly adapter: Adapter
  readonly close?: () => Promise<void>
}

export const openMemory = async (): Promise<OpenStore> => ({ adapter: memoryAdapter() })

/** Whatever `begin` of the provider `way` returns: a test decides. */
export type Begin = (call: SigningInCall, input: Readonly<Record<string, unknown>>) => unknown

export interface LabOptions extends Partial<AnyOptions> {
  readonly begin?: Begin
  readonly type?: AnyProvider['type']
  /** Second factors by name, and whether each is due. */
  readonly factors?: Readonly<Record<string, Factor['isDue']>>
  /** Which code is right at the second step. */
  readonly code?: string
}

const anyFields = z.looseObject({ name: z.string().optional() })

/**
 * An engine with one provider `way`, whose `begin` a test writes, and the store's users counted. Its second step `verify` finishes the factor
 * that its input names, by mistake that of an `other` challenge.
 */
export function openLab({ adapter }: OpenStore, options: LabOptions = {}) {
  const { begin = () => null, type = 'credentials', factors, code = '123456', callbacks, events, ...rest } = options
  const clock = openClock()
  const { logger, lines } = openLog()
  const users = new Set<string>()
  const told: (readonly [event: string, params: Readonly<Record<string, unknown>>])[] = []
  const trace: string[] = []
  const tell = (event: string) => (params: object) => void told.push([event, { ...params }])
  const way = provider({
    id: 'way',
    type,
    input: anyFields,
    identify: ({ name }) => name ?? 'somebody',
    // A test may return anything.
    begin: (input, call) => begin(call, input) as Step | null,
  })
  const auth = makeAuth({
    adapter: counted(adapter, users),
    clock: clock.read,
    logger,
    providers: [way],
    plugins: [secondStep(code, factors, begin)],
    callbacks: {
      signIn: () => (trace.push('signIn'), true),
      resolveUser: ({ user }) => (trace.push('resolveUser'), user),
      jwt: ({ token }) => (trace.push('jwt'), token),
      session: ({ session }) => (trace.push('session'), session),
      ...callbacks,
    },
    events: {
      createUser: tell('createUser'),
      linkAccount: tell('linkAccount'),
      updateUser: tell('updateUser'),
      signIn: tell('signIn'),
      ...events,
    },
    ...rest,
  })
  const open = (address?: string) => toLabBrowser(createBrowser(auth, address === undefined ? {} : { address }))
  /** What was told of an event, once the listeners have had their turn. */
  const eventsOf = async (name: string) => {
    await new Promise((resolve) => setImmediate(resolve))
    return told.filter(([event]) => event === name).map(([, params]) => params)
  }
  return { auth, adapter, clock, lines, users, trace, eventsOf, open, browser: open() }
}

/** A second step that any number of factors share: their code is the same. Beside it, `enter` signs in without a provider. */
function secondStep(code: string, factors: LabOptions['factors'] = {}, begin: Begin) {
  return definePlugin({
    id: 'step',
    setup: () => ({
      factors: Object.fromEntries(Object.entries(factors).map(([name, isDue]) => [name, { isDue }])),
      operations: {
        enter: signInMutation({
          input: anyFields,
          // A test may return anything.
          run: async (call, input) => call.signIn((await begin(call, input)) as Verified),
        }),
        verify: signInMutation({
          input: z.object({
            challenge: z.string(),
            code: z.string(),
            factor: z.string(),
            other: z.string().optional(),
          }),
          run: async (call, input) => {
            const pending = await call.pending(input.challenge)
            const check = () => (input.code === code ? {} : null)
            await call.attempt({ what: 'verify', whom: pending.user.id }, check)
            return call.finish({ ...pending, challenge: input.other ?? pending.challenge }, input.factor)
          },
        }),
      },
      endpoints: {
        enter: {
          method: 'GET',
          run: async (call) => {
            const result = await call.signIn((await begin(call, {})) as Verified)
            return Response.json(result, { status: 203 })
          },
        },
      },
    }),
  })
}

function counted(adapter: Adapter, users: Set<string>): Adapter {
  return {
    ...adapter,
    createUser: async (user) => {
      const row = await adapter.createUser!(user) // the stores of these tests have it
      users.add(row.id)
      return row
    },
    ...(adapter.deleteUser && {
      deleteUser: async (id: string) => {
        await adapter.deleteUser?.(id)
        users.delete(id)
      },
    }),
  }
}

export interface Result {
  readonly status: string
  readonly url?: string
  readonly challenge?: string
  readonly expiresIn?: number
  readonly factors?: readonly string[]
  readonly session?: { readonly user: { readonly id: string; readonly name?: string | null } } | null
  readonly accessToken?: string
}

function toLabBrowser(browser: ReturnType<typeof createBrowser>) {
  const way = (input: object = {}, headers = {}) => browser.post('/auth/signin/way', input, headers)
  const verify = (challenge: string | undefined, { code = '123456', factor = 'totp', ...more } = {}) =>
    browser.post('/auth/step/verify', { challenge, code, factor, ...more })
  return {
    ...browser,
    /** Signs in by `way`. */
    way,
    /** Signs in by `way`: the result, or the kind of the error. */
    result: async (input: object = {}) => readResult(await way(input)),
    /** The second step: the result, or the kind of the error. */
    verify: async (challenge: string | undefined, input: object = {}) => readResult(await verify(challenge, input)),
  }
}

/** The result, or the kind of the error. */
export async function readResult(response: Response): Promise<Result | string> {
  return (await readKind(response)) ?? (await readJson<Result>(response))
}

/** A result that must be one. */
export function succeeded(result: Result | string): Result {
  if (typeof result === 'string') throw new Error(`it failed with ${result}`)
  return result
}

/** Somebody at another service. */
export function accountOf(id: string, person: NewUser = {}, profile: object | null = null): Verified {
  const account: Account = { provider: 'github', type: 'oauth', providerAccountId: id }
  return { account, person, profile }
}
