import { createAuth, credentials, defineRoles } from '@latchkey/core'
import { authErrorFormatter, type AuthContextSource, createAuthRouter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import { z } from 'zod'
import { openStore } from './store.ts'

export const ORIGIN = 'https://app.example.com'
export const COOKIE = '__Host-latchkey.session'
export const NOON = new Date('2026-01-01T12:00:00Z')

const roles = defineRoles('member', 'admin')

/** Ada may everything; Bob is a member; Eve's row holds names that look like roles. */
const USERS = [
  {
    id: 'ada',
    name: 'Ada',
    email: 'ada@example.com',
    image: null,
    roles: ['member', 'admin'],
    org: 'acme',
    orgId: 'o_1',
  },
  { id: 'bob', name: 'Bob', email: 'bob@example.com', image: null, roles: ['member'], org: 'globex', orgId: 'o_2' },
  {
    id: 'eve',
    name: 'Eve',
    email: 'eve@example.com',
    image: null,
    roles: ['admin ', 'Admin', 'admin,member', '*', '__proto__', 'constructor'],
    org: null,
    orgId: null,
  },
]

export interface EngineOptions {
  readonly strategy?: 'jwt' | 'database'
}

/** An engine over a store that counts, with a clock to turn. */
export async function openEngine({ strategy = 'database' }: EngineOptions = {}) {
  const store = await openStore(USERS)
  const attempts: string[] = []
  const log: { readonly message: string; readonly cause: unknown }[] = []
  const write = (message: string, cause?: unknown) => void log.push({ message, cause })
  let now = NOON
  /** Taken out of the log, which a test reads: under the database strategy the jwt callback below is never called. */
  const warn = (message: string) => (message.startsWith('callbacks.jwt is never called') ? undefined : write(message))
  const auth = createAuth({
    secret: 'jJ0vQv2m5n8s1w4z7C0F3I6L9O2R5U8X',
    adapter: store.adapter,
    roles,
    claims: { org: z.string(), orgId: z.string() },
    update: z.object({ orgId: z.string() }),
    session: { strategy },
    providers: [
      credentials({
        input: z.object({ name: z.string(), password: z.string() }),
        identify: ({ name }) => name,
        authorize: ({ name, password }) => {
          attempts.push(name)
          return password === 'right' ? { id: name } : null
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user, stored }) => {
        const row = user ?? stored
        if (!row) return token
        const named = {
          ...token,
          roles: roles.only(Array.isArray(row.roles) ? row.roles : []),
          note: 'stays on the server',
        }
        return user && typeof row.org === 'string' ? { ...named, org: row.org, orgId: `of ${row.org}` } : named
      },
      session: ({ session }) => ({ ...session, shaped: true }),
    },
    baseUrl: ORIGIN,
    logger: { error: write, warn },
    clock: () => now,
  })
  return {
    auth,
    kit: createAuthRouter(auth),
    store,
    /** Whom `authorize` was asked about. */
    attempts,
    log,
    /** Turns the clock forward. */
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms)
    },
  }
}

export type Engine = Awaited<ReturnType<typeof openEngine>>

/** An app as its author would write it: the auth router under a key, and procedures of every kind. */
export function createApp({ kit }: Pick<Engine, 'kit'>) {
  const t = initTRPC
    .context<{ auth: ReturnType<Engine['kit']['authContext']>['auth'] }>()
    .create({ errorFormatter: authErrorFormatter, isDev: false })
  const router = t.router({
    auth: kit.mountAuth(t, kit.authRouter),
    open: t.procedure.query(() => 'open'),
    who: t.procedure.query(async ({ ctx }) => (await ctx.auth.session())?.user.id ?? null),
    me: t.procedure.concat(kit.protectedProcedure).query(({ ctx }) => ctx.session),
    admin: t.procedure.concat(kit.requireRole('admin')).query(({ ctx }) => ctx.session.user.id),
    save: t.procedure
      .input(z.object({ text: z.string() }))
      .concat(kit.protectedProcedure)
      .mutation(({ input }) => input.text),
    rename: t.procedure.mutation(async ({ ctx }) => (await ctx.auth.session())?.user.id ?? null),
    broken: t.procedure.query(() => {
      throw new Error('duplicate key value violates unique constraint "users_email_key" (email)=(bob@example.com)')
    }),
    unserialisable: t.procedure.concat(kit.protectedProcedure).query((): string => {
      const circle: { self?: unknown } = {}
      circle.self = circle
      return circle as unknown as string // JSON.stringify refuses it: a result that fails to serialise
    }),
  })
  return { router, createContext: (from: AuthContextSource) => kit.authContext(from) }
}

export type AppRouter = ReturnType<typeof createApp>['router']
