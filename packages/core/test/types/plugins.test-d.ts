import { describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  type AccountExport,
  type AccountInfo,
  type AnswersOf,
  type AuthErrorKind,
  type Challenge,
  createAuth,
  definePlugin,
  instant,
  integer,
  isAuthError,
  json,
  type KindsOf,
  memoryAdapter,
  type Methods,
  type Mounted,
  mutation,
  nullable,
  type Operation,
  type Plugin,
  provider,
  query,
  type ServerBuiltIns,
  type SignedIn,
  signInMutation,
  subscription,
  table,
  text,
  type TypesOf,
  user,
} from '@latchkey/core'

const secret = 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa'

/** An app's own plug-in: everything of it is inferred. */
const invitations = definePlugin({
  id: 'invitation',
  tables: {
    codes: table(
      { code: text(), email: text(), uses: integer(), note: nullable(text()), data: json<{ team: string }>() },
      { unique: [['code'], ['email', 'uses']], indexes: [['email']] },
    ),
  },
  errors: { InvitationUsed: { code: 'FORBIDDEN', message: 'This invitation was used.' } },
  claims: { team: z.string() },
  needs: ['getUserByEmail'],
  setup: ({ tables, error, store }) => ({
    providers: [
      provider({
        id: 'mail',
        type: 'email',
        input: z.object({ email: z.string() }),
        begin: async ({ email }) => {
          await store.getUserByEmail(email)
          // @ts-expect-error not among what it needs, so it may be missing
          await store.getUser(email)
          return { answer: { status: 'sent', to: email } }
        },
      }),
    ],
    factors: { letter: { isDue: ({ account }) => account.provider === 'mail' } },
    operations: {
      accept: mutation({
        access: 'session',
        input: z.object({ code: z.string() }),
        run: async (call, { code }) => {
          const row = await tables.codes.take({ code }, { uses: { below: 1 } })
          if (!row) throw error('InvitationUsed')
          expectTypeOf(row.note).toEqualTypeOf<string | null>()
          // @ts-expect-error a kind that isn't declared
          error('InvitationUsd')
          // @ts-expect-error half a key
          await tables.codes.get({ uses: 1 })
          return { team: row.data.team, by: call.user.id }
        },
      }),
      mine: query({
        access: 'public',
        run: async (call) => ((await call.session()) ? ('yes' as const) : ('no' as const)),
      }),
      ticks: subscription({
        access: 'session',
        async *run() {
          yield 1
        },
      }),
      // @ts-expect-error a public call has nobody's user
      wrong: query({ access: 'public', run: async (call) => call.user.id }),
    },
  }),
})

interface TotpOperations {
  readonly verify: Operation<'mutation', { challenge: string; code: string }, SignedIn>
}
/** A library's plug-in: its types have a name. */
interface Totp extends Plugin<
  'totp',
  { operations: TotpOperations; answers: Challenge<'totp'>; errors: 'WrongCode' }
> {}
function totp(): Totp {
  return definePlugin({
    id: 'totp',
    tables: { secrets: table({ user: user(), secret: text(), since: instant() }, { unique: [['user']] }) },
    errors: { WrongCode: { code: 'UNAUTHORIZED', message: 'The code is not right.' } },
    setup: () => ({
      factors: { totp: { isDue: ({ account }) => account.provider !== 'passkey' } },
      operations: {
        verify: signInMutation({
          input: z.object({ challenge: z.string(), code: z.string() }),
          run: async (call, { challenge }) => call.finish(await call.pending(challenge), 'totp'),
        }),
      },
    }),
  })
}
// @ts-expect-error it lacks the operations of its interface
export const hollow = (): Totp => definePlugin({ id: 'totp', setup: () => ({ operations: {} }) })
// @ts-expect-error it has another id
export const misnamed = (): Totp => definePlugin({ id: 'otp', setup: () => ({}) })

describe('what an app with plug-ins infers', () => {
  const auth = createAuth({
    secret,
    roles: ['member', 'admin'],
    claims: { org: z.string() },
    providers: [provider({ id: 'badge', input: z.object({ number: z.number() }), identify: null, begin: () => null })],
    plugins: [totp(), invitations],
    callbacks: {
      session: ({ session, token }) => {
        expectTypeOf(token.team).toEqualTypeOf<string | undefined>()
        // @ts-expect-error a claim that isn't declared
        void token.teem.length
        return { ...session, teamName: token.team }
      },
    },
  })
  type App = TypesOf<typeof auth>

  test('claims of plug-ins are what clients get, as if the app had declared them', () => {
    const exposing = createAuth({
      secret,
      claims: { org: z.string() },
      plugins: [invitations],
      exposeClaims: ['org', 'team'],
    })
    expectTypeOf<typeof exposing.$Infer.Session.claims>().toEqualTypeOf<{ org?: string; team?: string }>()
    // @ts-expect-error a claim that isn't declared
    createAuth({ secret, plugins: [invitations], exposeClaims: ['teem'] })
  })

  test('an error of a plug-in is known by its kind', () => {
    const error: unknown = null
    if (isAuthError<AuthErrorKind | 'InvitationUsed'>(error)) {
      expectTypeOf(error.kind).toEqualTypeOf<AuthErrorKind | 'InvitationUsed'>()
    }
    // @ts-expect-error no kind of the library's
    if (isAuthError(error)) void (error.kind === 'InvitationUsed')
  })

  test('claims of the app and of its plug-ins', () => {
    expectTypeOf<typeof auth.$Infer.Claims>().toEqualTypeOf<{ org?: string; team?: string }>()
    expectTypeOf<App['shaped']['teamName']>().toEqualTypeOf<string | undefined>()
  })

  test('ways to sign in are one union', () => {
    expectTypeOf<App['signIn']['provider']>().toEqualTypeOf<'badge' | 'mail'>()
    expectTypeOf<{ provider: 'mail'; email: string }>().toMatchTypeOf<App['signIn']>()
    // @ts-expect-error there is no such way
    const other: App['signIn'] = { provider: 'gitlab' }
    void other
  })

  test('what a sign-in may also return', () => {
    type More = Challenge<'totp'> | Challenge<'letter'> | { readonly status: 'sent'; readonly to: string }
    expectTypeOf<AnswersOf<App['plugins']>>().toEqualTypeOf<More>()
    expectTypeOf<App['answers']>().toEqualTypeOf<More>()
  })

  test('kinds of error', () => {
    expectTypeOf<KindsOf<App['plugins']>>().toEqualTypeOf<'WrongCode' | 'InvitationUsed'>()
  })

  test('operations, under the plug-in’s id', () => {
    type All = Mounted<App['plugins']>
    expectTypeOf<keyof All>().toEqualTypeOf<'totp' | 'invitation'>()
    expectTypeOf<All['totp']>().toEqualTypeOf<TotpOperations>()
    type Types<T> = T extends Operation<infer TType, infer TInput, infer TOutput> ? [TType, TInput, TOutput] : never
    expectTypeOf<Types<All['invitation']['accept']>>().toEqualTypeOf<['mutation', { code: string }, { team: string; by: string }]>() // prettier-ignore
    expectTypeOf<Types<All['invitation']['mine']>>().toEqualTypeOf<['query', void, 'yes' | 'no']>()
    expectTypeOf<Types<All['invitation']['ticks']>>().toEqualTypeOf<['subscription', void, number]>()
  })
})

test('without plug-ins nothing is there', () => {
  const auth = createAuth({ secret })
  type Plain = TypesOf<typeof auth>
  expectTypeOf<Plain['plugins']>().toEqualTypeOf<readonly []>()
  expectTypeOf<KindsOf<Plain['plugins']>>().toEqualTypeOf<never>()
  expectTypeOf<keyof Plain['claims']>().toEqualTypeOf<never>()
})

test('mistakes do not compile', () => {
  // @ts-expect-error not a plug-in
  createAuth({ secret, plugins: [{ id: 'x' }] })
  // @ts-expect-error no code for an error of the server
  definePlugin({ id: 'x', errors: { Broken: { code: 'INTERNAL_SERVER_ERROR', message: 'No.' } }, setup: () => ({}) })
  // @ts-expect-error no method of an adapter
  definePlugin({ id: 'x', needs: ['getEverything'], setup: () => ({}) })
  // @ts-expect-error a factor says when it is due
  definePlugin({ id: 'x', setup: () => ({ factors: { totp: {} } }) })
})

describe('accounts', () => {
  const account = definePlugin({
    id: 'account',
    setup: () => ({ operations: { changeEmail: mutation({ access: 'fresh', run: () => 'sent' as const }) } }),
  })
  const service = definePlugin({
    id: 'service',
    setup: () => ({ accounts: { accessToken: async (userId: string) => ({ token: userId }) } }),
  })
  const other = definePlugin({ id: 'other', setup: () => ({ accounts: { count: (): number => 1 } }) })

  test('functions for the server alone, of all plug-ins', () => {
    const auth = createAuth({ secret, plugins: [service, other] })
    expectTypeOf(auth.accounts.accessToken).toEqualTypeOf<(userId: string) => Promise<{ token: string }>>()
    expectTypeOf(auth.accounts.count).toEqualTypeOf<() => number>()
    // @ts-expect-error no plug-in has it
    void auth.accounts.refresh
    // @ts-expect-error without plug-ins there is none
    void createAuth({ secret }).accounts.accessToken
  })

  test('a plug-in adds to the group account, and what the adapter can’t do isn’t there', () => {
    const auth = createAuth({ secret, adapter: memoryAdapter(), plugins: [account] })
    type All = Methods<ServerBuiltIns<TypesOf<typeof auth>> & Mounted<readonly [typeof account]>, TypesOf<typeof auth>>
    expectTypeOf<All['account']['changeEmail']>().toEqualTypeOf<() => Promise<'sent'>>()
    expectTypeOf<All['account']['delete']>().toEqualTypeOf<() => Promise<{ deleted: true }>>()
    expectTypeOf<All['account']['export']>().toEqualTypeOf<() => Promise<AccountExport>>()
    expectTypeOf<All['accounts']['list']>().toEqualTypeOf<() => Promise<readonly AccountInfo[]>>()
    expectTypeOf<All['accounts']['unlink']>().toEqualTypeOf<(input: { readonly id: string }) => Promise<{ unlinked: true }>>() // prettier-ignore
    const plain = createAuth({ secret })
    type Plain = Methods<ServerBuiltIns<TypesOf<typeof plain>>, TypesOf<typeof plain>>
    expectTypeOf<Extract<keyof Plain, 'account' | 'accounts'>>().toEqualTypeOf<never>()
  })
})
