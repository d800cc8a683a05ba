export type Awaitable<T> = T | Promise<T>

/** Seconds, or a number with its unit: `'30s'`, `'15m'`, `'12h'`, `'30d'`. */
export type Duration = number | `${number}${'s' | 'm' | 'h' | 'd'}`

/** `T` with every level readonly, so that literals survive in what a callback returns. */
export type Immutable<T> = T extends (infer TItem)[]
  ? readonly Immutable<TItem>[]
  : T extends Date
    ? T
    : T extends object
      ? { readonly [K in keyof T]: Immutable<T[K]> }
      : T

/** Claims as they are read: writable, and each of them may be absent. */
export type Optional<T> = { -readonly [K in keyof T]?: T[K] }

/** The part of Standard Schema that the library calls (https://standardschema.dev). zod 3.24+, valibot and arktype have it. */
export interface Schema<TOutput = unknown, TInput = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<TOutput> | Promise<SchemaResult<TOutput>>
    readonly types?: { readonly input: TInput; readonly output: TOutput } | undefined
  }
}

export type SchemaResult<TOutput> =
  | { readonly value: TOutput; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
      }[]
    }

/** Who signed in, as a provider or the store knows them. Further fields are the app's own. */
export interface User {
  readonly id: string
  readonly name?: string | null | undefined
  readonly email?: string | null | undefined
  readonly image?: string | null | undefined
}

/** How the user signed in: which provider, and their id there. */
export interface Account {
  readonly provider: string
  readonly type: 'credentials'
  readonly providerAccountId: string
  readonly [field: string]: unknown
}

export type Strategy = 'jwt' | 'database'

/**
 * Everything that {@link createAuth} infers from a configuration, as one bag, so that types that are built on it stay short
 * in an app's declarations.
 */
export interface AuthTypes {
  /** The declared role names. */
  readonly role: string
  /** The declared claims, each optional. */
  readonly claims: object
  /** What the session callback returns: the session as a client gets it. */
  readonly shaped: unknown
  /** What `updateSession` takes; `never` where it doesn't exist. */
  readonly update: unknown
  /** What `signIn` takes: one member per provider. */
  readonly signIn: unknown
  /** Whether the adapter can list and revoke sessions by their public id. */
  readonly sessions: boolean
  /** Whether there are bearer tokens. */
  readonly tokens: boolean
}

/** The claims that every token has, besides the declared ones. */
export interface DefaultClaims {
  sub: string
  name?: string | null | undefined
  email?: string | null | undefined
  picture?: string | null | undefined
  /** Unix seconds: when this token was last built or renewed. */
  iat: number
  /** Unix seconds: when it ends. */
  exp: number
  jti: string
  /** The session's public id, a UUID. It names the session and authenticates nothing. */
  sessionId: string
  /** Unix seconds: when the person last signed in. Absent in a token that another library issued. */
  authTime?: number | undefined
  /** Unix seconds: when a token of another library was first renewed here, from which its absolute lifetime counts. */
  adoptedAt?: number | undefined
}

/** The claims map of a session: what the jwt callback shapes and `ctx.auth.token()` returns. Undeclared keys are allowed and stay on the server. */
export type Token<TRole extends string = string, TClaims = unknown> = DefaultClaims & {
  roles?: readonly TRole[] | undefined
  role?: string | undefined
} & Optional<TClaims>

/** A token inside the engine, where the declared claims are data. */
export interface AnyToken extends DefaultClaims {
  roles?: readonly string[] | undefined
  role?: string | undefined
  [claim: string]: unknown
}
