/** Where a session lives: in an encrypted cookie, or in a row that an opaque cookie names. */
export type Strategy = 'jwt' | 'database'

/** What a list of plug-ins is to the types: who is in it, and each one's types. */
export interface PluginLike {
  readonly id: string
  /** Types only. */
  readonly $Types?: unknown
}

/**
 * Everything that `createAuth` infers from a configuration, as one bag, so that types that are built on it stay short
 * in an app's declarations.
 */
export interface AuthTypes {
  /** The declared role names. */
  readonly role: string
  /** The declared claims, each optional. */
  readonly claims: object
  /** What the session callback returns: the session as a client gets it. */
  readonly shaped: unknown
  /** What `updateSession` takes; `never` if it doesn't exist. */
  readonly update: unknown
  /** What `signIn` takes: one member per provider. */
  readonly signIn: unknown
  /** What a sign-in may return besides a session, tokens or a redirect: one member per provider's own result. */
  readonly answers: unknown
  /** Whether the adapter can list and revoke sessions by their public id. */
  readonly sessions: boolean
  /** Whether there are bearer tokens. */
  readonly tokens: boolean
  /** The plug-ins, in their order. */
  readonly plugins: readonly PluginLike[]
}

/** What a sign-in may return besides; unknown for a configuration in general. */
export type MoreAnswers<U extends AuthTypes> = [unknown] extends [U['answers']] ? never : U['answers']
