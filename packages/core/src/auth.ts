import type { Adapter, SessionAdapter } from './adapter.ts'
import type { AuthOptions } from './options.ts'
import type { AuthContext, RequestSource } from './context.ts'
import type { ClientSession, Session } from './session/types.ts'
import type { AnyProvider, SignInInput } from './sign-in/provider.ts'
import type { AuthTypes, Inferred, Optional } from './types.ts'

/** A configured engine: what {@link createAuth} makes and every face is built on. */
export interface Auth<U extends AuthTypes = AuthTypes> {
  /** A Fetch handler for what tRPC can't carry: the JSON endpoints under `basePath`. */
  readonly handler: (request: Request, info?: { readonly address?: string | undefined }) => Promise<Response>
  /** The session of a request outside tRPC, or null. Sets no cookie, so it extends nothing. Throws where the store fails. */
  readonly getSession: (request: Request) => Promise<Session<U> | null>
  /** For faces: everything that one request may ask. Does no work until it is asked. */
  readonly createContext: (source: RequestSource) => AuthContext<U>
  /** What a face must know of the configuration. */
  readonly features: AuthFeatures
  /** Types only. */
  readonly $Infer: Inferred<U>
}

export interface AuthFeatures {
  readonly strategy: 'jwt' | 'database'
  /** Whether `updateSession` exists. */
  readonly update: boolean
  /** Whether sessions can be listed and revoked. */
  readonly sessions: boolean
  readonly roles: readonly string[] | null
  /** Milliseconds. */
  readonly freshAge: number
  readonly clock: () => Date
  readonly logger: { readonly error: (message: string, cause?: unknown) => void; readonly warn: (message: string, cause?: unknown) => void }
  /** The names that the session cookie may have in a request's Cookie header begin with this. */
  readonly sessionCookie: string
}

/** The types of a configuration. */
export type TypesOf<
  TRole extends string,
  TClaims extends object,
  TSession,
  TUpdate,
  TProviders extends readonly AnyProvider[],
  TAdapter,
> = {
  readonly role: TRole
  readonly claims: Optional<TClaims>
  readonly shaped: NonNullable<Awaited<TSession>>
  readonly update: TUpdate
  readonly signIn: SignInInput<TProviders>
  readonly sessions: TAdapter extends SessionAdapter ? true : false
}

export type { Adapter, AuthOptions, ClientSession }
