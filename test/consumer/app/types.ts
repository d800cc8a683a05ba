import type { AuthErrorKind, KindsOf, Session, SessionUser, TokenResponse, TypesOf } from '@latchkey/core'
import { createAuth, credentials } from '@latchkey/core'
import { claim, hasRole } from '@latchkey/core/session'
import { migrations } from '@latchkey/kysely/migrate'
import { type AuthRouter, createAuthRouter, type RequireRole } from '@latchkey/trpc'
import type { TRPCClientError } from '@trpc/client'
import { initTRPC, type inferRouterInputs, type inferRouterOutputs } from '@trpc/server'
import { z } from 'zod'
import { createClient } from './client.ts'
import { auth, authContext, authRouter, db, mountAuth, requireClaim, requireRole } from './server/auth.ts'
import { book, type Note } from './server/notes.ts'
import type { AppRouter } from './server/router.ts'
import { authedProcedure } from './server/trpc.ts'

// Nothing here runs. Each statement has a yes and, by `@ts-expect-error`, a no.

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const yes = <T extends true>(): void => void (0 as unknown as T)

type Roles = readonly ('member' | 'admin')[]
interface Claims {
  org?: string
  orgId?: string
  team?: string
}

// A configuration may be given a name, for the same types.
export interface App extends TypesOf<typeof auth> {}
export const named = createAuthRouter<App>(auth)
yes<Equal<typeof named.authRouter, AuthRouter<App>>>()
yes<Equal<inferRouterOutputs<typeof named.authRouter>, inferRouterOutputs<typeof authRouter>>>()
yes<Equal<typeof named.requireRole, typeof requireRole>>()
yes<
  Equal<typeof requireRole, RequireRole<Session<'member' | 'admin', { org?: string; orgId?: string; team?: string }>>>
>()
const another = createAuth({ secret: 'a secret of another app, 32 bytes or more' })
// @ts-expect-error another configuration's
createAuthRouter<App>(another)

export async function statements(): Promise<void> {
  const { client } = createClient('http://localhost')

  // H6 On the server roles are literals and claims come from their schemas.
  authedProcedure.query(({ ctx }) => {
    yes<Equal<typeof ctx.session.roles, Roles>>()
    yes<Equal<Required<typeof ctx.session.claims>, Required<Claims>>>()
    yes<Equal<typeof ctx.session.claims.orgId, string | undefined>>()
    // @ts-expect-error not declared
    ctx.session.claims.plan
    // @ts-expect-error a typo in a role
    ctx.session.roles.includes('admn')
  })

  // S7 And so they are on the client, with what the session callback adds.
  const session = await client.auth.session.query()
  if (!session) return
  yes<Equal<typeof session.roles, Roles>>()
  yes<Equal<Required<typeof session.claims>, Required<Claims>>>()
  yes<Equal<typeof session.orgName, string | undefined>>()
  yes<Equal<typeof session.user, SessionUser>>()
  yes<Equal<typeof session.expires, Date>>()
  // @ts-expect-error nobody adds that
  session.orgNames
  // @ts-expect-error what only the server knows
  session.sessionId
  yes<Equal<(typeof auth.$Infer.Session)['orgName'], string | undefined>>()

  // H6 A role that isn't declared does not compile.
  requireRole('admin', 'member')
  hasRole(session, 'admin')
  // @ts-expect-error a typo in a role
  requireRole('admn')
  // @ts-expect-error and on the client
  hasRole(session, 'admn')

  // H5 Claims by name.
  requireClaim('orgId', 'o_1')
  const org = claim(session, 'org')
  yes<Equal<typeof org, string | undefined>>()
  // @ts-expect-error not declared
  claim(session, 'plan')
  // @ts-expect-error not declared
  requireClaim('plan', 'pro')
  // @ts-expect-error of another type
  requireClaim('orgId', 1)

  // C6 The kind of an error: the library's, and the plug-ins'.
  yes<
    Equal<
      Exclude<NonNullable<TRPCClientError<AppRouter>['data']>['kind'], KindsOf<App['plugins']>>,
      AuthErrorKind | null
    >
  >()

  // J16 updateSession takes what the update schema takes.
  await client.auth.updateSession.mutate({ orgId: 'o_2' })
  // @ts-expect-error declared, but not in the update schema
  await client.auth.updateSession.mutate({ org: 'Globex' })

  // Sign-in takes what the provider takes, and its id.
  await client.auth.signIn.mutate({ provider: 'credentials', email: 'a@b.c', password: 'p' })
  await client.auth.signIn.mutate({ provider: 'credentials', flow: 'token', email: 'a@b.c', password: 'p' })
  // @ts-expect-error right input, wrong provider
  await client.auth.signIn.mutate({ provider: 'credential', email: 'a@b.c', password: 'p' })
  // @ts-expect-error no password
  await client.auth.signIn.mutate({ provider: 'credentials', email: 'a@b.c' })
  yes<Equal<inferRouterInputs<AppRouter>['auth']['signIn']['provider'], 'credentials' | 'mail'>>()
  yes<Equal<inferRouterOutputs<AppRouter>['auth']['token'], TokenResponse<typeof session>>>()

  // The app's own procedures keep what is theirs.
  yes<Equal<inferRouterOutputs<AppRouter>['post']['create'], { title: string; by: string; in: string | undefined }>>()
}

// J7 `if (user)` means "at sign-in": the parameter is a union on `trigger`.
export const narrowing = createAuth({
  secret: 'any',
  claims: { plan: z.enum(['free', 'pro']) },
  providers: [credentials({ input: z.object({ pin: z.string() }), identify: null, authorize: () => null })],
  callbacks: {
    jwt({ token, user, trigger, account, stored }) {
      if (trigger === 'update') {
        yes<Equal<typeof user, null>>()
        yes<Equal<typeof account, null>>()
        // @ts-expect-error nobody is signing in
        return { ...token, name: user.name }
      }
      yes<Equal<typeof trigger, 'signIn' | 'signUp'>>()
      yes<Equal<typeof stored, null>>()
      yes<Equal<typeof user.id, string>>()
      return { ...token, plan: 'pro' }
    },
  },
})
export const careless = createAuth({
  secret: 'any',
  callbacks: {
    // @ts-expect-error user may be null
    jwt: ({ token, user }) => ({ ...token, name: user.name }),
  },
})
export const wrongClaim = createAuth({
  secret: 'any',
  claims: { plan: z.enum(['free', 'pro']) },
  // @ts-expect-error no such plan
  callbacks: { jwt: ({ token }) => ({ ...token, plan: 'gold' }) },
})
export const wrongRole = createAuth({
  secret: 'any',
  roles: ['member', 'admin'],
  // @ts-expect-error a typo in a role
  callbacks: { jwt: ({ token }) => ({ ...token, roles: ['admn'] }) },
})

// A mount in an app whose context lacks auth.
const fitting = initTRPC.context<ReturnType<typeof authContext>>().create()
export const mounted = fitting.router({ auth: mountAuth(fitting, authRouter) })
const lacking = initTRPC.context<{ db: string }>().create()
export const unmounted = lacking.router({
  // @ts-expect-error its context has no auth
  auth: mountAuth(lacking, authRouter),
})
// @ts-expect-error nor does a guard fit there
export const unguarded = lacking.procedure.concat(requireRole('admin'))

// What isn't configured isn't there.
export const bare = createAuthRouter(createAuth({ secret: 'any' }))
// @ts-expect-error no update schema
export const noUpdate = bare.authRouter.updateSession
// @ts-expect-error no adapter that keeps sessions
export const noSessions = bare.authRouter.sessions
// @ts-expect-error no bearer tokens
export const noToken = bare.authRouter.token

// The migrations are Kysely's, in each of its versions.
export const migrated: Promise<void> | undefined = migrations['latchkey_001_users']?.up(db)

// The table of a plug-in: its rows, keys and conditions come from its columns.
export async function tables(note: Note): Promise<void> {
  yes<Equal<Note['views'], number>>()
  yes<Equal<Note['until'], string | null>>()
  const found = await book.get({ owner: 'ada', text: 'a' })
  yes<Equal<typeof found, Note | null>>()
  await book.remove({ owner: 'ada', views: { above: 1 }, until: null })
  // @ts-expect-error half a key
  await book.get({ owner: 'ada' })
  // @ts-expect-error a text has no order
  await book.remove({ text: { above: 'a' } })
  // @ts-expect-error never null
  await book.update({ id: 'a' }, { text: null })
  // @ts-expect-error only numbers are counted
  await book.increment(note, 'text')
}
