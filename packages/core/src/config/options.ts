import type { Logger } from '../internal/logger.ts'
import type { Adapter } from '../store/adapter.ts'
import type { TableStore } from '../store/tables/table.ts'
import type { Callbacks } from '../contract/callbacks.ts'
import type { Events } from '../contract/events.ts'
import type { SessionBus } from '../contract/bus.ts'
import type { AttemptCounter } from '../contract/limits.ts'
import type { AnyPlugin } from '../contract/plugin.ts'
import type { ClaimsOf } from '../contract/plugin-types.ts'
import type { AnyProvider } from '../contract/provider.ts'
import type { SessionOptions } from './session-options.ts'
import type { TakeOverOptions } from './take-over-options.ts'
import type { TokenCacheOptions, TokenOptions } from './token-options.ts'
import type { Duration } from '../internal/types.ts'
import type { Schema } from '../internal/schema.ts'

/** When expired rows are deleted, and how many at once. */
export interface CleanupOptions {
  /**
   * How often expired rows are looked for, at most.
   *
   * @default '1h'
   */
  readonly every?: Duration
  /**
   * How many rows one statement deletes, at most. Another one follows 200 ms later, until none is left.
   *
   * @default 500
   */
  readonly batch?: number
}

/** The session cookie, and another library's. */
export interface CookieNames {
  /** The cookie that holds the session, or names its row. */
  readonly session?: {
    /** The exact name, prefix included; also the salt of the key, so `authjs.session-token` reads Auth.js's sessions. */
    readonly name?: string
  }
  /**
   * Takes over the sessions of next-auth 4 or Auth.js.
   *
   * @default none: another library's cookies are ignored
   * @example { from: 'next-auth' } // while the old app may come back; later with write: 'ours'
   */
  readonly takeOver?: TakeOverOptions
}

/**
 * How many failed attempts there may be before further ones are refused (`RateLimited`, 429), correct ones included. Guesses at the password of
 * a name are refused for seconds only, so that strangers keep nobody out (docs/security.md).
 */
export interface SignInLimits {
  /**
   * Failed attempts for one identifier within the window. All unknown clients share this number; each device that signed in before has it for
   * itself, and so has each client that has waited. Once the shared number is used up, an unknown client waits 10 to 25 seconds; if its
   * address isn't known, until the window ends.
   *
   * @default 10
   */
  readonly perIdentifier?: number
  /**
   * Failed attempts from one client address (IPv6: one /64) within the window. Not counted if no address is known.
   *
   * @default 100
   */
  readonly perClient?: number
  /**
   * Over how long failed attempts are counted, in seconds or as text with a unit.
   *
   * @default '15m'
   */
  readonly window?: Duration
}

/** Pages of the app to which a sign-in that leads through redirects goes when it doesn't end in a session. */
export interface PageOptions {
  /**
   * Where it was refused or failed; `?error=<kind>` is added.
   *
   * @default '/'
   */
  readonly error?: string
  /**
   * Where a second factor is asked for; `#challenge=…&expiresIn=…&factors=…` is added.
   *
   * @default the page to which the sign-in would have gone
   */
  readonly challenge?: string
}

/** Limits for what can be guessed. */
export interface LimitOptions {
  /**
   * How many failed attempts there may be. `false` removes all limits.
   *
   * @default { perIdentifier: 10, perClient: 100, window: '15m' }
   */
  readonly signIn?: SignInLimits | false
  /**
   * Where attempts are counted, for several instances that share their limits. It gets digests of names and addresses, never themselves. What
   * it throws, or doesn't do within half a second, is logged once and fails no sign-in: each instance counts in its own memory until it works.
   *
   * @default the memory of this process
   */
  readonly counter?: AttemptCounter
}

/**
 * What `createAuth` takes. `secret` is the one that is needed; what is wrong or missing is refused when `createAuth` is called, by an
 * `AuthError` of the kind `Configuration` that names the option.
 */
export interface AuthOptions<
  TRole extends string,
  TClaims extends object,
  TSession,
  TUpdate,
  TProviders extends readonly AnyProvider[],
  TAdapter extends Adapter | undefined,
  TTokens extends boolean,
  TPlugins extends readonly AnyPlugin[] = readonly AnyPlugin[],
> {
  /**
   * Encrypts tokens; at least 32 bytes, random. Several rotate: the first encrypts, all decrypt.
   *
   * A function is called, and its result checked, when the first token is opened or issued: for an app that is built without its
   * secrets, and for Workers. (While Next builds, a value is checked then too.)
   *
   * @example process.env.AUTH_SECRET, made by `openssl rand -base64 33`
   * @example () => env.AUTH_SECRET // import { env } from 'cloudflare:workers'
   */
  readonly secret: string | readonly [string, ...string[]] | (() => string | readonly string[] | undefined)
  /**
   * Keeps users and sessions: `memoryAdapter()`, `kyselyAdapter(db)`, or any `@auth/*-adapter`.
   *
   * @default none: everything lives in the cookie, and nothing can be revoked before it expires
   */
  readonly adapter?: TAdapter
  /**
   * The only role names that compile and count.
   *
   * @default any name
   */
  readonly roles?: readonly TRole[]
  /**
   * The claims that are typed, checked and visible to clients, a synchronous Standard Schema each. Every one is optional in a session. A
   * comment above a claim is shown wherever it is read.
   *
   * @default none
   */
  readonly claims?: { readonly [K in keyof TClaims]: Schema<TClaims[K]> }
  /**
   * Narrows which declared claims leave the server.
   *
   * @default all declared ones
   */
  readonly exposeClaims?: readonly (keyof (NoInfer<TClaims> & ClaimsOf<NoInfer<TPlugins>>) & string)[]
  /**
   * What `updateSession` may send.
   *
   * @default none: there is no such procedure
   */
  readonly update?: Schema<TUpdate, TUpdate>
  /**
   * Where sessions live, and for how long.
   *
   * @default 30 days after the last use, and 90 days after sign-in at the latest
   */
  readonly session?: SessionOptions
  /**
   * Bearer tokens for clients without cookies.
   *
   * @default none
   */
  readonly tokens?: TokenOptions<TTokens>
  /**
   * The ways to sign in; each has its member in what `signIn` takes.
   *
   * @default none: `signIn` refuses everybody, and sessions of another library are still read
   *
   * @example [credentials({ input: z.object({ email: z.email(), password: z.string() }), identify: ({ email }) => email, authorize })]
   */
  readonly providers?: TProviders
  /**
   * Features from outside the core: their operations, ways to sign in, claims and kinds of error are typed like the app's own. They are set
   * up in this order, which is also the order in which their credentials are looked for.
   *
   * @default none
   */
  readonly plugins?: TPlugins
  /**
   * Keeps the tables of plug-ins, beside an adapter that keeps none (Auth.js's).
   *
   * @default the adapter, if it keeps tables
   */
  readonly tables?: TableStore
  /**
   * The app's own functions for who signs in, what a token holds and what clients see.
   *
   * @default none
   */
  readonly callbacks?: Callbacks<TRole, TClaims & ClaimsOf<TPlugins>, TSession, TUpdate>
  /**
   * Called after something has happened: for logs and e-mails.
   *
   * @default none
   */
  readonly events?: Events
  /**
   * Where the app is reached, scheme and host. `https` makes cookies Secure and `__Host-` prefixed. Never taken from a request. A function
   * is asked with the first request, as for `secret`.
   *
   * @default the environment's AUTH_URL; outside production then `http://localhost:3000`, and every loopback origin is trusted
   */
  readonly baseUrl?: string | undefined | (() => string | undefined)
  /**
   * Where `auth.handler` is mounted.
   *
   * @default '/auth'
   */
  readonly basePath?: string
  /**
   * Origins besides `baseUrl`'s own whose pages may make requests with cookies, and to which sign-in may redirect. `https://*.preview.example`
   * stands for one label: no bare suffix such as `https://*.com` or `https://*.vercel.app`, under which anybody can register a name. What
   * isn't http(s) is compared as it is written.
   *
   * @default none
   * @example ['https://admin.example', 'https://*.preview.example', 'capacitor://localhost', 'chrome-extension://<id>']
   */
  readonly trustedOrigins?: readonly string[]
  /**
   * Pages of the app for sign-ins that lead through redirects: paths, or URLs on a trusted origin.
   *
   * @default { error: '/' }
   */
  readonly pages?: PageOptions
  /**
   * The session cookie's name, and the old app's cookie if this one takes over its sessions.
   *
   * @default `__Host-latchkey.session` over https, else `latchkey.session`
   */
  readonly cookies?: CookieNames
  /**
   * Carries the ends and changes of sessions to other instances.
   *
   * @default a bus within this process and this `createAuth`
   */
  readonly bus?: SessionBus
  /**
   * Tokens that were opened are remembered, so that the same one isn't decrypted with every request. Expiry, renewal and revocation are
   * asked for every time; what was refused is never remembered. `false` turns it off.
   *
   * @default { maxEntries: 10_000, maxBytes: 16 MiB }
   */
  readonly tokenCache?: TokenCacheOptions | false
  /**
   * How many guesses of a password, a code or the like are allowed.
   *
   * @default 10 failed attempts per account and 100 per client address in 15 minutes, counted in the memory of this process
   */
  readonly limits?: LimitOptions
  /**
   * How many proxies stand in front of the server, so that exactly the entries of `X-Forwarded-For` count that they wrote.
   *
   * @default 0: the header is ignored
   */
  readonly trustedProxies?: number
  /**
   * How long a call to the adapter may take before it counts as failed (`AdapterError`, 503).
   *
   * @default '2s'
   */
  readonly adapterTimeout?: Duration
  /**
   * Sessions, one-time tokens and rows of plug-ins that have expired are deleted now and then, by an adapter that keeps sessions by id and
   * by `tables`: in small batches, in the background, begun by a write such as a sign-in or a refresh, by one instance at a time (of
   * `tables` by each). `false` turns it off, for an app
   * that calls `adapter.deleteExpired({ now })` itself.
   *
   * @default { every: '1h', batch: 500 }
   */
  readonly cleanup?: CleanupOptions | false
  /**
   * Gets failures that no caller sees.
   *
   * @default console
   */
  readonly logger?: Logger
  /**
   * The time, for tests.
   *
   * @default the system's
   */
  readonly clock?: () => Date
}

/** The options without their inferred types, which matter to the app's code only. */
export type AnyOptions = AuthOptions<
  string,
  Record<string, unknown>,
  unknown,
  unknown,
  readonly AnyProvider[],
  Adapter | undefined,
  boolean
>
