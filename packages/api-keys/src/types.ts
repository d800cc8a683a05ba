import type { Duration, Operation, Plugin } from '@latchkey/core'

/** A key as its owner sees it: everything but what authenticates. */
export interface ApiKeyInfo<TScope extends string = string> {
  /** What `rename`, `rotate` and `revoke` take; also `session.sessionId` of a caller with the key. No secret. */
  readonly id: string
  /** What its owner calls it. */
  readonly name: string
  /** The first letters of the key, to tell it from others. */
  readonly start: string
  /** What it may do. */
  readonly scopes: readonly TScope[]
  /** When it was made; a key that was rotated, when it was replaced. */
  readonly createdAt: Date
  /** Null: it lasts until it is revoked. */
  readonly expires: Date | null
  /** To the minute. Null: it has not been used. */
  readonly lastUsedAt: Date | null
}

/** A key that was just made. */
export interface NewApiKey<TScope extends string = string> extends ApiKeyInfo<TScope> {
  /** What authenticates. This is the only time that it is known: only its digest is stored. */
  readonly key: string
}

/** What `create` takes. */
export interface CreateApiKey<TScope extends string = string> {
  /** What the owner calls it; at most 100 letters. */
  readonly name: string
  /** What it may do; at least one. */
  readonly scopes: readonly TScope[]
  /** How long it lasts: seconds, or text with a unit (`'90d'`). @default the `maxAge` of the options, or until it is revoked */
  readonly expiresIn?: Duration | undefined
}

/** What the owner of keys may do: `auth.apiKey.*`. */
export interface ApiKeyOperations<TScope extends string = string> {
  /** Makes a key and returns it, once. For people who signed in recently. */
  readonly create: Operation<'mutation', CreateApiKey<TScope>, NewApiKey<TScope>>
  /** The person's keys, newest first, those that have expired among them until they are deleted. */
  readonly list: Operation<'query', void, readonly ApiKeyInfo<TScope>[]>
  /** Gives one of the person's keys another name. */
  readonly rename: Operation<'mutation', { readonly id: string; readonly name: string }, ApiKeyInfo<TScope>>
  /**
   * Replaces one of the person's keys by a new one with the same name, scopes and end. The old one works no longer. Of two calls at once, one
   * gets the new key and the other `NotFound`. For people who signed in recently.
   */
  readonly rotate: Operation<'mutation', { readonly id: string }, NewApiKey<TScope>>
  /** Ends one of the person's keys at once. */
  readonly revoke: Operation<'mutation', { readonly id: string }, { readonly revoked: true }>
}

/** The plug-in that `apiKeys()` makes. */
export interface ApiKeys<TScope extends string = string> extends Plugin<
  'apiKey',
  { operations: ApiKeyOperations<TScope>; errors: 'ApiKeyExpired' | 'InvalidApiKey' | 'TooManyApiKeys' }
> {}
