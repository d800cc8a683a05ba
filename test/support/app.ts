import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type Adapter,
  type AnyPlugin,
  type AnyProvider,
  type AuthOptions,
  type Auth,
  createAuth,
  type TableStore,
} from '@latchkey/core'
import { toNodeHandler } from '@latchkey/core/node'
import { createAuthRouter } from '@latchkey/trpc'
import { type AnyRouter, initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { createClient, type Client, type Flow } from './client.ts'

/** What a test app may be made with: everything that `createAuth` takes, untyped, and what it needs besides. */
export interface AppOptions extends Partial<
  AuthOptions<
    string,
    Record<string, unknown>,
    unknown,
    unknown,
    readonly AnyProvider[],
    Adapter | undefined,
    boolean,
    readonly AnyPlugin[]
  >
> {
  readonly adapter: Adapter & TableStore
  /** `'database'` unless it is said. */
  readonly strategy?: 'jwt' | 'database'
  /** Milliseconds since the epoch at which its clock begins; it stands still until a test moves it. By default the time runs. */
  readonly now?: number
}

/** What the app's callbacks and events were called with, in order. */
export interface Told {
  readonly name: string
  readonly params: Readonly<Record<string, unknown>>
}

/** An app on a port of its own. */
export interface TestApp {
  readonly auth: Auth
  /** Where it is: its `baseUrl`, and the origin of its pages. */
  readonly origin: string
  readonly told: readonly Told[]
  /** What its logger got, level and cause included, as text. */
  readonly log: readonly string[]
  /** Moves the app's clock, in seconds. Needs `now`. */
  readonly wait: (seconds: number) => void
  /** A browser or a native client with nothing yet. `address`: what the app takes for its address. */
  readonly client: (flow: Flow, options?: { readonly address?: string }) => Client
  readonly stop: () => Promise<void>
}

/** Starts an app: tRPC at `/trpc`, the engine's handler at `/auth`, one procedure for each guard, bearer tokens on, one proxy trusted. */
export async function startApp({ strategy = 'database', now, ...options }: AppOptions): Promise<TestApp> {
  const server = createServer((req, res) => {
    if (req.url?.startsWith('/auth/')) void handleAuth(req, res)
    else handleTrpc(req, res)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://localhost:${(server.address() as AddressInfo).port}` // it listens on a port
  let time = now
  const told: Told[] = []
  const log: string[] = []
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: origin,
    trustedProxies: 1,
    tokens: { enabled: true },
    logger: { error: note(log, 'error'), warn: note(log, 'warn') },
    ...(time !== undefined && { clock: () => new Date(time ?? 0) }),
    ...options,
    session: { strategy, ...options.session },
    callbacks: tellCallbacks(told, options.callbacks),
    events: tellEvents(told, options.events),
  } as never) as unknown as Auth // a configuration whose types only its test knows
  const handleAuth = toNodeHandler(auth.handler)
  const handleTrpc = serveTrpc(auth)
  return {
    auth,
    origin,
    told,
    log,
    wait: (seconds) => {
      if (time === undefined) throw new Error('give the app a time to begin at: { now }')
      time += seconds * 1_000
    },
    client: (flow, { address = '203.0.113.7' } = {}) => createClient({ origin, flow, address }),
    stop: async () => {
      await auth.close()
      server.close()
      server.closeAllConnections()
    },
  }
}

function serveTrpc(auth: Auth): ReturnType<typeof createHTTPHandler> {
  const kit = createAuthRouter(auth)
  const { authRouter, authContext, authErrorFormatter, protectedProcedure, requireFresh, requireFactor } = kit
  const t = initTRPC.context<ReturnType<typeof authContext>>().create({ errorFormatter: authErrorFormatter })
  const router = t.router({
    auth: authRouter as AnyRouter, // its operations are those of the test's plug-ins
    guarded: t.procedure.concat(protectedProcedure).query(({ ctx }) => ctx.session),
    fresh: t.procedure.concat(requireFresh()).mutation(() => 'done'),
    mfa: t.procedure.concat(requireFactor('mfa')).mutation(() => 'done'),
  })
  return createHTTPHandler({ router, createContext: authContext, basePath: '/trpc/' })
}

const CALLBACKS = ['signIn', 'resolveUser', 'jwt', 'session'] as const
const EVENTS = [
  'signIn',
  'signOut',
  'createUser',
  'linkAccount',
  'unlinkAccount',
  'updateUser',
  'deleteUser',
  'session',
] as const

/** Callbacks that note their calls and do what the app's own do, or what none does. */
function tellCallbacks(told: Told[], own: AppOptions['callbacks'] = {}) {
  const none: Readonly<Record<(typeof CALLBACKS)[number], (params: never) => unknown>> = {
    signIn: () => true,
    resolveUser: ({ user }: { user: unknown }) => user,
    jwt: ({ token }: { token: unknown }) => token,
    session: ({ session }: { session: unknown }) => session,
  }
  return { ...own, ...Object.fromEntries(CALLBACKS.map((name) => [name, tell(told, name, own[name] ?? none[name])])) }
}

function tellEvents(told: Told[], own: AppOptions['events'] = {}) {
  return { ...own, ...Object.fromEntries(EVENTS.map((name) => [name, tell(told, `events.${name}`, own[name])])) }
}

function tell(told: Told[], name: string, run: unknown) {
  return (params: Readonly<Record<string, unknown>>) => {
    told.push({ name, params: structuredClone(params) })
    return typeof run === 'function' ? (run(params) as unknown) : undefined
  }
}

function note(log: string[], level: string) {
  return (message: string, cause?: unknown) => void log.push(`${level}: ${message} ${describe(cause)}`)
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return cause === undefined ? '' : JSON.stringify(cause)
  return `${cause.stack} ${describe(cause.cause)}`
}
