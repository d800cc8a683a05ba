import type { Awaitable } from '../internal/types.ts'
import type { Schema } from '../internal/schema.ts'
import type { SigningInCall } from './call.ts'
import type { ProviderType, User } from './user.ts'
import type { Verified } from './verified.ts'

/** What a provider's `authorize` may look at besides the input. */
export interface AuthorizeContext {
  /** A request header, by any-case name; null if it wasn't sent. */
  readonly header: (name: string) => string | null
  /** The client's address as the server's configuration lets it be known, else null. */
  readonly address: string | null
}

/** What a provider may return of its own: that a message was sent, say. */
export interface Answer {
  /** Tells clients what it is. `signedIn`, `tokens`, `redirect` and `challenge` are the engine's own. */
  readonly status: string
}

/** What a provider's `begin` returns: whose sign-in it is, where the browser must go first, or another result for the client. */
export type Step<TAnswer extends Answer = Answer> = Verified | RedirectStep | AnswerStep<TAnswer>

/** The sign-in goes on elsewhere, and comes back to an endpoint of the provider's. */
export interface RedirectStep {
  /** An absolute http(s) URL. What the way back must know belongs into a sealed cookie (`call.setCookie`), so that it is this browser's alone. */
  readonly redirect: string
  /**
   * The way back ends in a one-time code that a client without cookies exchanges for its tokens, so that such a client may begin here too.
   *
   * @default false: refused in the token flow (`InvalidInput`, naming the field `flow`)
   */
  readonly handsOver?: boolean | undefined
}

/** The sign-in is over for now: the client gets the answer as it is. */
export interface AnswerStep<TAnswer extends Answer> {
  readonly answer: TAnswer
}

/** Any provider, whatever its input. Not generic on purpose: a generic constraint would widen the ids (docs/trpc-facts.md, 23). */
export interface AnyProvider {
  readonly id: string
  readonly name: string
  readonly type: ProviderType
  readonly input: Schema
  /** Whom an attempt is for, so that failed ones can be counted; from input that the schema accepted. null: by address only. */
  readonly identify?: ((input: never) => string) | null | undefined
  /** Typed by {@link provider}. */
  readonly begin: (input: never, call: never) => Awaitable<Step | null>
}

/** A provider with its id, its input and what it may return of its own as literal types. */
export interface Provider<TId extends string, TInput, TAnswer = never> extends AnyProvider {
  readonly id: TId
  /** Types only: what a client sends besides `provider`. */
  readonly $Input?: TInput
  /** Types only: what `begin` may return as an answer. */
  readonly $Answer?: TAnswer
}

/** What {@link provider} takes. */
export interface ProviderOptions<TId extends string, TInput, TOutput, TAnswer extends Answer> {
  /** The value of `provider` in what a client sends. */
  readonly id: TId
  /**
   * Its name for a sign-in page.
   *
   * @default the id
   */
  readonly name?: string
  /**
   * What kind of way it is: `account.type` in the callbacks.
   *
   * @default 'credentials'
   */
  readonly type?: ProviderType
  /** The schema of what a client sends, any Standard Schema. A field named `provider`, `flow` or `refresh` is not available. */
  readonly input: Schema<TOutput, TInput>
  /**
   * Whom the attempt is for: attempts for which `begin` returns null are counted under this name (`limits.signIn`). Required if the type is
   * `'credentials'`: there the name has a password, and guesses at it make others wait instead of keeping them out; under any other type the
   * count is fixed. null counts by the client's address only.
   *
   * @default null for every other type
   */
  readonly identify?: ((input: NoInfer<TOutput>) => string) | null
  /**
   * Begins the sign-in: returns whose it is (see {@link Verified}), `{ redirect }`, `{ answer }`, or null if what was sent is wrong
   * (`CredentialsSignin`). It must write nothing that is meant for the user: the signIn callback has not agreed yet.
   */
  readonly begin: (input: NoInfer<TOutput>, call: SigningInCall) => Awaitable<Step<TAnswer> | null>
}

/**
 * A way to sign in that isn't a check of credentials alone: one that creates accounts, leads through another site, or sends a message first.
 *
 * @example
 * provider({
 *   id: 'badge',
 *   input: z.object({ number: z.string() }),
 *   identify: ({ number }) => number,
 *   begin: async ({ number }) => { const user = await findByBadge(number); return user && { user } },
 * })
 */
export function provider<const TId extends string, TInput, TOutput, const TAnswer extends Answer = never>(
  options: ProviderOptions<TId, TInput, TOutput, TAnswer>,
): Provider<NoInfer<TId>, TInput, TAnswer> {
  const { id, name = id, type = 'credentials', input, begin } = options
  const identify = options.identify ?? (type === 'credentials' ? options.identify : null)
  return { id, name, type, input, identify, begin }
}

/** What {@link credentials} takes. */
export interface CredentialsOptions<TId extends string, TInput, TOutput> {
  /**
   * The value of `provider` in what a client sends.
   *
   * @default 'credentials'
   */
  readonly id?: TId
  /**
   * Its name for a sign-in page.
   *
   * @default 'Credentials'
   */
  readonly name?: string
  /** The schema of what a client sends, any Standard Schema. A field named `provider`, `flow` or `refresh` is not available. */
  readonly input: Schema<TOutput, TInput>
  /**
   * Whom the attempt is for: failed attempts are counted under this name, so that guesses at one account are limited
   * (`limits.signIn`, by default 10 in 15 minutes; then clients wait). Return one spelling for each account: a device that signed in before is
   * known again under exactly that.
   *
   * `null` counts by the client's address only. Choose it if the input names no account (a PIN, a one-time code), and only if the server
   * knows the address: without either, nothing limits the guesses. The log says so once.
   *
   * @example ({ email }) => email
   */
  readonly identify: ((input: NoInfer<TOutput>) => string) | null
  /** Checks the credentials: the user, or null if they are wrong. A throw is a failure of the server, not a wrong password. */
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
  const { authorize } = options
  return {
    // Without an id in the options TId is its default, which the compiler can't conclude from `??`.
    id: (options.id ?? 'credentials') as TId,
    name: options.name ?? 'Credentials',
    type: 'credentials',
    input: options.input,
    identify: options.identify,
    begin: async (input: TOutput, { header, address }: AuthorizeContext) => {
      const user = await authorize(input, { header, address })
      return user ? { mirror: user } : null
    },
  }
}

/** What a sign-in may ask for besides the provider's input, if bearer tokens are enabled. */
export interface TokenFlowInput {
  /** `'token'`: return access and refresh tokens and set no session cookie. @default what the configuration says */
  readonly flow?: 'cookie' | 'token' | undefined
  /** `'cookie'`: put the refresh token into an HttpOnly cookie instead of the response. */
  readonly refresh?: 'cookie' | undefined
}

/** The union of what `signIn` takes, one member per provider. */
export type SignInInput<TProviders extends readonly AnyProvider[], TTokens extends boolean = false> = {
  [K in keyof TProviders]: TProviders[K] extends Provider<infer TId, infer TInput, unknown>
    ? {
        /** Which provider: its id. */
        readonly provider: TId
      } & TInput &
        (TTokens extends false ? unknown : TokenFlowInput)
    : never
}[number]

/** What these providers may return of their own, as a union. */
export type ProviderAnswers<TProviders extends readonly AnyProvider[]> = {
  [K in keyof TProviders]: TProviders[K] extends Provider<string, unknown, infer TAnswer> ? TAnswer : never
}[number]

/** What clients may know of a provider. */
export interface ProviderInfo {
  /** The value of `provider` in what `signIn` takes. */
  readonly id: string
  /** Its name for a sign-in page. */
  readonly name: string
  /** What kind of way it is. */
  readonly type: string
}
