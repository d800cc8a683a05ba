import type { Awaitable } from '../internal/types.ts'
import type { Schema } from '../internal/schema.ts'
import type { User } from './user.ts'

/** What a provider's `authorize` may look at besides the input. */
export interface AuthorizeContext {
  /** A request header, by any-case name; null where it wasn't sent. */
  readonly header: (name: string) => string | null
  /** The client's address as the server's configuration lets it be known, else null. */
  readonly address: string | null
}

/** Any provider, whatever its input. Not generic on purpose: a generic constraint would widen the ids (docs/trpc-facts.md, 23). */
export interface AnyProvider {
  readonly id: string
  readonly name: string
  readonly type: 'credentials'
  readonly input: Schema
  /** Whom an attempt is for, so that failed ones can be counted; from input that the schema accepted. null: by address only. */
  readonly identify: ((input: never) => string) | null
  readonly authorize: (input: never, context: AuthorizeContext) => Awaitable<User | null>
}

/** A provider with its id and input as literal types. */
export interface Provider<TId extends string, TInput> extends AnyProvider {
  readonly id: TId
  /** Types only: what a client sends besides `provider`. */
  readonly $Input?: TInput
}

export interface CredentialsOptions<TId extends string, TInput, TOutput> {
  /**
   * What a client names to sign in this way.
   *
   * @default 'credentials'
   */
  readonly id?: TId
  /**
   * What a sign-in page calls it.
   *
   * @default 'Credentials'
   */
  readonly name?: string
  /** The schema of what a client sends, any Standard Schema. A field named `provider`, `flow` or `refresh` is not available. */
  readonly input: Schema<TOutput, TInput>
  /**
   * Whom the attempt is for: failed attempts are counted under this name, so that nobody can guess on at one account
   * (`limits.signIn`, by default 10 in 15 minutes).
   *
   * `null` counts by the client's address only. Say so where the input names nobody (a PIN, a one-time code), and only where the server
   * knows the address: without either, nothing limits the guesses. The log says so once.
   *
   * @example ({ email }) => email
   */
  readonly identify: ((input: NoInfer<TOutput>) => string) | null
  /** Checks the credentials: the user, or null where they are wrong. A throw is a failure of the server, not a wrong password. */
  readonly authorize: (input: NoInfer<TOutput>, context: AuthorizeContext) => Awaitable<User | null>
}

/**
 * Sign-in by a check of your own: a password, a hardware token, an LDAP bind.
 *
 * @example
 * credentials({ input: z.object({ email: z.email(), password: z.string() }), identify: ({ email }) => email, authorize })
 */
export function credentials<const TId extends string = 'credentials', TInput = unknown, TOutput = unknown>(
  options: CredentialsOptions<TId, TInput, TOutput>,
): Provider<NoInfer<TId>, TInput> {
  return {
    // Without an id in the options TId is its default, which the compiler can't conclude from `??`.
    id: (options.id ?? 'credentials') as TId,
    name: options.name ?? 'Credentials',
    type: 'credentials',
    input: options.input,
    identify: options.identify,
    authorize: options.authorize,
  }
}

/** What a sign-in may ask for besides the provider's input, where bearer tokens are enabled. */
export interface TokenFlowInput {
  /** `'token'`: answer access and refresh tokens and set no session cookie. @default what the configuration says */
  readonly flow?: 'cookie' | 'token' | undefined
  /** `'cookie'`: put the refresh token into an HttpOnly cookie instead of the answer. */
  readonly refresh?: 'cookie' | undefined
}

/** The union of what `signIn` takes, one member per provider. */
export type SignInInput<TProviders extends readonly AnyProvider[], TTokens extends boolean = false> = {
  [K in keyof TProviders]: TProviders[K] extends Provider<infer TId, infer TInput>
    ? { readonly provider: TId } & TInput & (TTokens extends false ? unknown : TokenFlowInput)
    : never
}[number]

/** What clients may know of a provider. */
export interface ProviderInfo {
  readonly id: string
  readonly name: string
  readonly type: string
}
