declare const meaning: unique symbol

/** The names of what only a configuration knows, in an operation's types. What each stands for: `Meanings`. */
export type MarkerKey = 'shaped' | 'signIn' | 'signOut' | 'signedIn' | 'tokens' | 'refresh' | 'update' | 'updated'

/**
 * Placeholder in an operation's input or output type for something that is known only when the app is configured: the session as its session
 * callback shapes it, for one. A type only: no value carries it. It is a member of the output's union, never a field inside an object.
 */
export interface Marker<TKey extends MarkerKey> {
  readonly [meaning]: TKey
}

/** The result of a sign-in: a session, tokens, or the next step of those that are configured. */
export type SignedIn = Marker<'signedIn'>

/** The session as the session callback shapes it, or null. */
export type Shaped = Marker<'shaped'>
