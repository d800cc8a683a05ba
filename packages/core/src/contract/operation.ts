import type { Awaitable } from '../internal/types.ts'
import type { Schema } from '../internal/schema.ts'
import type { Call, SignedInCall, SigningInCall } from './call.ts'
import type { SignedIn } from './marker.ts'
import type { Answer } from './provider.ts'

/**
 * Who may call an operation: anybody (`'public'`); a known caller, an API key's too (`'caller'`); one with a session (`'session'`); or one
 * who signed in recently, by `session.freshAge` (`'fresh'`).
 */
export type Access = 'public' | 'caller' | 'session' | 'fresh'

/** Whether an operation reads, changes or streams. */
export type OperationType = 'query' | 'mutation' | 'subscription'

/** Where an operation is found under `basePath`, for clients that don't speak tRPC. */
export interface HttpBinding {
  /** A query is a GET, a mutation a POST. */
  readonly method: 'GET' | 'POST'
  /** Relative to `basePath`, without a slash at its beginning. */
  readonly path: string
  /** The name of the input's field that the last segment of the address is: `signin/github` with `'provider'`. */
  readonly parameter?: string
}

/**
 * One thing that clients can ask for, defined once and served by every face: as a tRPC procedure, as an address of `auth.handler`, and as a
 * method of `ctx.auth`. Made by {@link query}, {@link mutation}, {@link subscription} and {@link signInMutation}.
 */
export interface Operation<TType extends OperationType, TInput, TOutput> {
  readonly type: TType
  readonly access: Access
  /** Any Standard Schema; null: the operation takes no input. */
  readonly input: Schema | null
  /** Whether it may sign somebody in: then a cookie must be deliverable before anything runs. */
  readonly signsIn: boolean
  /**
   * Whether `flow` and `refresh` of the input belong to the call. They are removed before the schema sees the input: a client that keeps tokens
   * sends them with every mutation of a plug-in, for it doesn't know which of them sign somebody in.
   */
  readonly takesFlow: boolean
  /**
   * `'own'`: what authenticates is in the input, which no browser adds by itself, so a mutation's origin isn't checked.
   *
   * @default 'checked'
   */
  readonly origin: 'checked' | 'own'
  /**
   * Null: it has no address of its own.
   *
   * @default `<plug-in>/<kebab-name>`: GET for a query, POST for a mutation
   */
  readonly http?: HttpBinding | null | undefined
  /** Why this configuration doesn't have it, with the fix; null: it does. Faces leave out what is missing. */
  readonly missing: string | null
  readonly run: (call: never, input: never) => unknown
  /** Types only. */
  readonly $Types?: { readonly input: TInput; readonly output: TOutput }
}

/** Any operation, whatever it takes and returns. */
export type AnyOperation = Operation<OperationType, unknown, unknown>

/** Operations by name, nested in groups. */
export interface Operations {
  readonly [name: string]: AnyOperation | Operations
}

/** What `run` is given: more, the more is asked of the caller. */
export type CallOf<TAccess extends Access> = TAccess extends 'public' ? Call : SignedInCall

interface Details<TAccess extends Access> {
  readonly access: TAccess
  readonly http?: HttpBinding | null
}

/** An operation without input. */
export interface Definition<TAccess extends Access, TOutput> extends Details<TAccess> {
  readonly input?: undefined
  readonly run: (call: CallOf<TAccess>) => TOutput
}

/** An operation with an input that its schema checks. */
export interface DefinitionWithInput<TAccess extends Access, TInput, TValue, TOutput> extends Details<TAccess> {
  readonly input: Schema<TValue, TInput>
  readonly run: (call: CallOf<TAccess>, input: NoInfer<TValue>) => TOutput
}

// Two signatures each: with one and a default, the input of an operation without one would be inferred from what a record of operations
// may hold, `unknown`.

/**
 * Defines a query: it changes nothing, and over HTTP it is a GET.
 *
 * @example mine: query({ access: 'session', run: ({ user }) => tables.codes.list({ where: { user: user.id }, limit: 50 }) })
 */
export function query<TAccess extends Access, TOutput>(
  definition: Definition<TAccess, TOutput>,
): Operation<'query', void, Awaited<TOutput>>
export function query<TAccess extends Access, TOutput, TInput, TValue>(
  definition: DefinitionWithInput<TAccess, TInput, TValue, TOutput>,
): Operation<'query', TInput, Awaited<TOutput>>
export function query(definition: AnyDefinition): AnyOperation {
  return define('query', definition)
}

/**
 * Defines a mutation: it may change something, so it is refused if another site's page caused the request.
 *
 * @example change: mutation({ access: 'fresh', input: z.object({ next: z.string() }), run: async ({ user }, { next }) => … })
 */
export function mutation<TAccess extends Access, TOutput>(
  definition: Definition<TAccess, TOutput>,
): Operation<'mutation', void, Awaited<TOutput>>
export function mutation<TAccess extends Access, TOutput, TInput, TValue>(
  definition: DefinitionWithInput<TAccess, TInput, TValue, TOutput>,
): Operation<'mutation', TInput, Awaited<TOutput>>
export function mutation(definition: AnyDefinition): AnyOperation {
  return define('mutation', definition)
}

/** Defines a subscription. tRPC and `ctx.auth` have it, the handler's JSON endpoints don't. */
export function subscription<TAccess extends Access, TItem>(
  definition: Definition<TAccess, AsyncIterable<TItem>>,
): Operation<'subscription', void, TItem>
export function subscription<TAccess extends Access, TItem, TInput, TValue>(
  definition: DefinitionWithInput<TAccess, TInput, TValue, AsyncIterable<TItem>>,
): Operation<'subscription', TInput, TItem>
export function subscription(definition: AnyDefinition): AnyOperation {
  return define('subscription', definition)
}

/** Who may call an operation that signs somebody in. */
export type SignInAccess = Exclude<Access, 'caller'>

/** What {@link signInMutation} takes. */
export interface SignInDefinition<
  TInput,
  TValue,
  TAccess extends SignInAccess = 'public',
  TOutput extends SignedIn | Answer = SignedIn,
> {
  /**
   * Who may call it. For somebody with a session (`'session'`, `'fresh'`) the new session takes the place of theirs, which ends.
   *
   * @default 'public'
   */
  readonly access?: TAccess
  /** What a client sends, any Standard Schema. */
  readonly input: Schema<TValue, TInput>
  /**
   * Its address under `basePath`; null: none.
   *
   * @default POST at the plug-in's id and the operation's name: `password/sign-up`
   */
  readonly http?: HttpBinding | null
  /** Returns what `call.signIn()` or `call.finish()` returns, or an answer of its own: that a mail was sent first, say. */
  readonly run: (call: CallOf<TAccess> & SigningInCall, input: NoInfer<TValue>) => Promise<TOutput>
}

/**
 * Defines a mutation that signs somebody in: `call.signIn(verified)` runs the rest of the sign-in, callbacks and second factors included. Like
 * `signIn` itself it takes `flow` and `refresh`, if there are bearer tokens.
 *
 * @example signUp: signInMutation({ input, run: (call, { email }) => call.signIn({ create: { email } }) })
 * @example
 * change: signInMutation({
 *   access: 'session',
 *   input,
 *   run: async (call, input) => call.signIn({ user: await changePassword(call.user.id, input) }, { endOthers: true }),
 * })
 */
export function signInMutation<
  TInput,
  TValue,
  TAccess extends SignInAccess = 'public',
  TOutput extends SignedIn | Answer = SignedIn,
>(definition: SignInDefinition<TInput, TValue, TAccess, TOutput>): Operation<'mutation', TInput, TOutput> {
  return { ...define('mutation', { access: 'public', ...definition }), signsIn: true }
}

/** A definition whose types no longer matter. */
interface AnyDefinition {
  readonly access: Access
  readonly input?: Schema | undefined
  readonly http?: HttpBinding | null
  readonly run: (call: never, input: never) => unknown
}

function define<TType extends OperationType>(
  type: TType,
  { access, input, http, run }: AnyDefinition,
): Operation<TType, never, never> {
  return {
    type,
    access,
    input: input ?? null,
    signsIn: false,
    takesFlow: type === 'mutation',
    origin: 'checked',
    http,
    missing: null,
    run,
  }
}

/** Whether a member of a record of operations is one, and no group of them. */
export function isOperation(value: AnyOperation | Operations): value is AnyOperation {
  return typeof value.run === 'function'
}

/** An operation in its place. */
export interface MountedOperation {
  readonly operation: AnyOperation
  /** The plug-in that it belongs to; null: it is the library's own. */
  readonly plugin: string | null
  /** Where it is in the router: `['sessions', 'list']`. Null: the router doesn't have it. */
  readonly router: readonly string[] | null
  /** Where it is on `ctx.auth`; null: not there. */
  readonly server: readonly string[] | null
  /** Its address; null: it has none. */
  readonly http: HttpBinding | null
}

/** What a face hands over with a call. */
export interface PerformOptions {
  /** Reads the input. Called once it is known that the caller may ask: nothing of a foreign page's request is parsed. */
  readonly readInput: () => Awaitable<unknown>
  /** Aborted when the client has gone. @default none: that isn't known */
  readonly signal?: AbortSignal | undefined
}
