import type { AuthError, AuthErrorCode, AuthErrorKind, AuthErrorOptions } from '../errors.ts'
import type { Logger } from '../internal/logger.ts'
import type { Schema } from '../internal/schema.ts'
import type { Awaitable } from '../internal/types.ts'
import type { Adapter, AdapterUser } from '../store/adapter.ts'
import type { Table, TableSpec } from '../store/tables/table.ts'
import type { PluginLike } from './auth-types.ts'
import type { CredentialSource } from './credential.ts'
import type { Endpoint } from './endpoint.ts'
import type { Factor } from './factor.ts'
import type { Operations } from './operation.ts'
import type { AccountsIn, ChallengeIn, OperationsIn, PluginTypes, ProvidersIn } from './plugin-types.ts'
import type { AnyProvider, ProviderAnswers, SignInInput } from './provider.ts'
import type { Account } from './user.ts'

/** A kind of error of a plug-in's own. Its text is fixed: no caller can put a token or an address into it. */
export interface PluginError {
  /** tRPC's code, which stands for a status of HTTP too. `'SERVICE_UNAVAILABLE'`: another service failed; it is logged. */
  readonly code: Exclude<AuthErrorCode, 'INTERNAL_SERVER_ERROR'>
  /** What a client may read: one short sentence. */
  readonly message: string
}

/** What a plug-in adds to the engine: what its `setup` returns. */
export interface PluginParts {
  /** Mounted under the plug-in's id, on every face. */
  readonly operations?: Operations
  /** Ways to sign in, members of what `signIn` takes. */
  readonly providers?: readonly AnyProvider[]
  /** Second steps of a sign-in, by the name that clients see in a challenge. */
  readonly factors?: Readonly<Record<string, Factor>>
  /** Another kind of credential: an API key, say. */
  readonly credential?: CredentialSource
  /** What isn't JSON: a page, a redirect. Mounted under `basePath/<plug-in>/`. */
  readonly endpoints?: Readonly<Record<string, Endpoint>>
  /** What a user can sign in with, as far as it is this plug-in's. */
  readonly ways?: Ways
  /** What the plug-in keeps of a user, for `account.export`. Never what authenticates. */
  readonly exports?: (userId: string) => Awaitable<Readonly<Record<string, unknown>>>
  /** Functions for the server alone, at `auth.accounts.<name>`. */
  readonly accounts?: object
}

/** Something that a user can sign in with. */
export interface Way {
  /** Stable, and unique within its plug-in. No secret. */
  readonly id: string
  /** What kind of way it is: `'password'`, `'passkey'`. */
  readonly type: string
  /** What the user calls it; null: it has no name. */
  readonly name: string | null
  /** Since when it is there; null: that isn't known. */
  readonly createdAt: Date | null
}

/** What a user can sign in with, as far as it is one plug-in's. */
export interface Ways {
  /** The ways that the user has. Only what one can sign in with: a second factor is no way by itself, nor is an API key. */
  readonly list: (userId: string) => Awaitable<readonly Way[]>
  /**
   * Removes all of them, and all else that lets somebody act for the user: second factors, devices that are remembered, keys. Called when
   * somebody proves the e-mail address of an account that never proved it, and takes the account over.
   */
  readonly removeAll: (userId: string) => Promise<void>
  /** Removes what the plug-in keeps of an account at another service, once its user has unlinked it. What it throws is logged. */
  readonly unlinked?: ((userId: string, account: UnlinkedAccount) => Promise<void>) | undefined
}

/** An account at another service that a user no longer has here. */
export type UnlinkedAccount = Pick<Account, 'provider' | 'providerAccountId'>

/** Any plug-in. Not generic on purpose: a generic constraint on the list of plug-ins would widen their ids (docs/trpc-facts.md, 23). */
export interface AnyPlugin extends PluginLike {
  /** Where its operations are mounted, in camelCase. Its tables' names and its cookies begin with it. */
  readonly id: string
  /** Made with `table()`. */
  readonly tables?: Readonly<Record<string, TableSpec>> | undefined
  /** Whether the plug-in works without its tables, too. */
  readonly optionalTables?: boolean | undefined
  /** By kind, in PascalCase. */
  readonly errors?: Readonly<Record<string, PluginError>> | undefined
  /** Claims that it declares, as if the app had declared them itself. */
  readonly claims?: Readonly<Record<string, Schema>> | undefined
  /** Methods of the adapter that it can't do without. */
  readonly needs?: readonly (keyof Adapter)[] | undefined
  /** Runs once, in `createAuth`. Typed by {@link definePlugin}. */
  readonly setup: (engine: never) => PluginParts
}

/** A plug-in with its id and types, to be given a name: `interface Totp extends Plugin<'totp', { … }> {}`. */
export interface Plugin<TId extends string, TTypes extends Partial<PluginTypes>> extends AnyPlugin {
  readonly id: TId
  /** Types only. */
  readonly $Types?: TTypes
}

/** What `setup` receives: everything of the engine that a plug-in may use. */
export interface PluginEngine<TTables = {}, TKind extends string = never, TNeeds extends keyof Adapter = never> {
  /** The plug-in's own tables. What they throw arrives as an `AdapterError`. */
  readonly tables: { readonly [K in keyof TTables]: TTables[K] extends TableSpec ? Table<TTables[K]> : never }
  /** The app's adapter; what `needs` names is there. */
  readonly store: Adapter & { readonly [K in TNeeds]-?: NonNullable<Adapter[K]> }
  /** Where the app is reached. Read it when a request is there, not in `setup`: it may come later than the configuration. */
  readonly baseUrl: URL
  /** Under which path of `baseUrl` the handler is mounted: `/auth`, say. */
  readonly basePath: string
  /** Whether an origin is `baseUrl`'s own or one of `trustedOrigins`. */
  readonly isTrustedOrigin: (origin: string) => boolean
  /** The time now. Take it from here: tests set it. */
  readonly clock: () => Date
  /** The app's logger; every line begins with the plug-in's id. */
  readonly logger: Logger
  /** An error of a kind of this plug-in's own, or of the engine's. */
  readonly error: (kind: TKind | AuthErrorKind, options?: AuthErrorOptions) => AuthError<string>
  /**
   * Encrypts a value under a key that only this plug-in has, and only for this purpose.
   *
   * @param maxAge seconds after which it no longer opens
   */
  readonly seal: (purpose: string, value: Readonly<Record<string, unknown>>, maxAge: number) => Promise<string>
  /** What {@link PluginEngine.seal} has encrypted for this purpose; null if it is anything else, or has expired. */
  readonly unseal: (purpose: string, text: string) => Promise<Readonly<Record<string, unknown>> | null>
  /** SHA-256 in base64url, bound to this plug-in: the only form in which a table may keep what authenticates. */
  readonly hash: (text: string) => Awaitable<string>
  /** Where a redirect may go: the same URL, or by the app's rules another. */
  readonly safeRedirect: (url: string) => Promise<string>
  /**
   * Links an account at another service to a user who is signed in; again to the same user changes nothing. The event `linkAccount` follows.
   *
   * @throws AuthError `OAuthAccountNotLinked` if it is another user's
   */
  readonly link: (userId: string, account: Account, options?: LinkOptions) => Promise<void>
  /**
   * Ends all sessions of a user, their tokens, streams and sign-ins that wait for a second step.
   *
   * @throws AuthError `Configuration` if the adapter keeps no sessions by id
   */
  readonly endSessions: (userId: string) => Promise<void>
  /**
   * Writes fields of a user's row, and returns all of it. The event `updateUser` follows.
   *
   * @throws AuthError `InvalidInput`, naming the field `email`, if another user has the address
   */
  readonly updateUser: (fields: Partial<AdapterUser> & Pick<AdapterUser, 'id'>) => Promise<AdapterUser>
  /**
   * Checks that a user can still sign in without one of this plug-in's ways. Call it before the way is removed, and again afterwards: if it
   * throws then, put the way back, for another one was removed at the same moment.
   *
   * @param wayId as {@link Ways.list} names it
   * @throws AuthError `LastWayIn` if there is no other: no way of a plug-in, and no linked account
   */
  readonly requireOtherWay: (userId: string, wayId: string) => Promise<void>
}

/** What may be said of an account that is linked. */
export interface LinkOptions {
  /** What the service returned about the user, for the event `linkAccount`. JSON. @default null */
  readonly profile?: object | null | undefined
}

/** What {@link definePlugin} takes. */
export interface PluginDefinition<
  TId extends string,
  TParts extends PluginParts,
  TTables extends Readonly<Record<string, TableSpec>>,
  TErrors extends Readonly<Record<string, PluginError>>,
  TClaims extends object,
  TNeeds extends readonly (keyof Adapter)[],
> {
  /** Where its operations are mounted, in camelCase: `ctx.auth.<id>`. Its tables' names and its cookies begin with it. */
  readonly id: TId
  /** Made with `table()`. @default none */
  readonly tables?: TTables
  /**
   * Whether the plug-in works without its tables, too: if the app keeps no tables, `engine.tables` is empty, whatever its type says, instead of
   * `createAuth` refusing the plug-in.
   *
   * @default false
   */
  readonly optionalTables?: boolean
  /** Kinds of error of its own, in PascalCase. @default none */
  readonly errors?: TErrors
  /** Claims that it declares, a synchronous Standard Schema each. @default none */
  readonly claims?: { readonly [K in keyof TClaims]: Schema<TClaims[K]> }
  /** Methods of the adapter that it can't do without: present in `store`, and checked in `createAuth`. @default none */
  readonly needs?: TNeeds
  /** Runs once, in `createAuth`, and returns what the plug-in adds. It may not wait for anything. */
  readonly setup: (engine: PluginEngine<TTables, keyof TErrors & string, TNeeds[number]>) => TParts
}

/**
 * Defines a plug-in. Everything is inferred: procedures, kinds, claims and ways to sign in are typed in the app without a cast.
 *
 * @example
 * const invitations = definePlugin({
 *   id: 'invitation',
 *   tables: { codes: table({ code: text() }, { unique: [['code']] }) },
 *   errors: { InvitationUsed: { code: 'FORBIDDEN', message: 'This invitation was used.' } },
 *   setup: ({ tables, error }) => ({
 *     operations: {
 *       accept: mutation({
 *         access: 'session',
 *         input: z.object({ code: z.string() }),
 *         run: async (call, { code }) => {
 *           if (!(await tables.codes.take({ code }))) throw error('InvitationUsed')
 *           return { accepted: true }
 *         },
 *       }),
 *     },
 *   }),
 * })
 */
export function definePlugin<
  const TId extends string,
  const TParts extends PluginParts,
  TTables extends Readonly<Record<string, TableSpec>> = {},
  TErrors extends Readonly<Record<string, PluginError>> = {},
  TClaims extends object = {},
  const TNeeds extends readonly (keyof Adapter)[] = readonly [],
>(
  definition: PluginDefinition<TId, TParts, TTables, TErrors, TClaims, TNeeds>,
): Plugin<
  TId,
  {
    operations: OperationsIn<TParts>
    signIn: SignInInput<ProvidersIn<TParts>>
    answers: ChallengeIn<TParts> | ProviderAnswers<ProvidersIn<TParts>>
    errors: keyof TErrors & string
    claims: TClaims
    accounts: AccountsIn<TParts>
  }
> {
  return definition
}
