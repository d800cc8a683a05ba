/**
 * Takes over the sessions of an app that had next-auth or Auth.js, with `session.strategy` `'jwt'` there and here: nobody is signed out
 * (docs/from-auth-js.md).
 */
export interface TakeOverOptions {
  /** What the old app has: `'next-auth'` is its version 4; `'authjs'` is Auth.js, which is version 5 of next-auth. */
  readonly from: 'next-auth' | 'authjs'
  /**
   * Which cookie holds the sessions.
   *
   * `'theirs'`: the old app's, encrypted as it does it. Both apps read and write it, so that they can serve the same browsers, and the old
   * one can come back at any time: it knows those who signed in here.
   *
   * `'ours'`: each session is moved to our own cookie at first sight, and the old app's is cleared. The old app no longer knows anybody
   * who was here: choose it when it won't come back, and take the option out when its last cookie has expired.
   *
   * @default 'theirs'
   */
  readonly write?: 'theirs' | 'ours'
  /**
   * The exact name of its session cookie, if it was changed there (`cookies.sessionToken.name`).
   *
   * @default 'next-auth.session-token' or 'authjs.session-token', over https with `__Secure-` before it
   */
  readonly name?: string
  /**
   * The domain of its session cookie, if one was set there (`cookies.sessionToken.options.domain`).
   *
   * @default none: exactly this host
   */
  readonly domain?: string
  /**
   * The old app's secret, if it is another one than `secret`. Several for Auth.js: the first encrypts, all decrypt.
   *
   * @default `secret`
   */
  readonly secret?: string | readonly [string, ...string[]] | (() => string | readonly string[] | undefined)
}
