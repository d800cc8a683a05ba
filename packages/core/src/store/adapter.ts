import type { Table, TableSpec } from './tables/table.ts'

/**
 * What every store keeps of a user. (A type alias: the interfaces of other libraries have no index signature, and this one is assignable
 * to {@link AdapterUser} without one.)
 */
export type UserRow = {
  readonly id: string
  readonly name?: string | null | undefined
  readonly email?: string | null | undefined
  readonly emailVerified?: Date | null | undefined
  readonly image?: string | null | undefined
}

/** A user's row. Columns of the app's own are read and passed on. */
export interface AdapterUser extends UserRow {
  readonly [column: string]: unknown
}

/** A value, or something that can be awaited: also what query builders return instead of a promise. */
type MaybePromiseLike<T> = T | PromiseLike<T>

/** A session's row. `sessionToken` is a SHA-256, never a secret: nothing in a row authenticates. */
export interface AdapterSession {
  /** SHA-256 (base64url) of what the cookie holds, or of the session's id under the jwt strategy. */
  readonly sessionToken: string
  readonly userId: string
  readonly expires: Date
  /** The public id, a UUID. */
  readonly id?: string
  readonly createdAt?: Date
  readonly lastSeenAt?: Date
  readonly userAgent?: string | null
  readonly ip?: string | null
  /** What `updateSession` stored: declared claims by name. */
  readonly claims?: Readonly<Record<string, unknown>> | null
  /** Counts the writes of `claims`, so that concurrent ones can't overwrite each other. */
  readonly revision?: number
  /** How often the session's refresh token was rotated: the one that counts carries this number. */
  readonly generation?: number
  /** When it was rotated last; null before. */
  readonly rotatedAt?: Date | null
  /** How the person signed in: words without white space (RFC 8176). null: that isn't known. */
  readonly amr?: readonly string[] | null
  /** Set once: the session was ended. The row stays until it expires, so that a copied token can't bring it back. */
  readonly revokedAt?: Date | null
}

/** A session's row with every column that this library keeps. */
export type StoredSession = Required<AdapterSession>

/** How a user signs in: at which provider, and as whom there. */
export interface AdapterAccount {
  readonly userId: string
  readonly provider: string
  readonly providerAccountId: string
  readonly type: string
  readonly [field: string]: unknown
}

/** What names an account: nobody else has one with both. */
export type AccountKey = Pick<AdapterAccount, 'provider' | 'providerAccountId'>

/** A one-time token, such as the ticket of a stream. `token` is a SHA-256 of what was handed out. */
export interface VerificationToken {
  readonly identifier: string
  readonly token: string
  readonly expires: Date
}

/**
 * What a store does, in Auth.js's names and shapes, so that an `@auth/*-adapter` can be passed as it is. Everything is optional
 * there; what a feature needs and the adapter lacks is refused at construction, by name.
 */
export interface Adapter {
  // Methods, not properties: an Auth.js adapter with narrower parameter types of its own must fit.
  createUser?(user: UserRow): MaybePromiseLike<UserRow>
  getUser?(id: string): MaybePromiseLike<UserRow | null>
  getUserByEmail?(email: string): MaybePromiseLike<UserRow | null>
  getUserByAccount?(account: AccountKey): MaybePromiseLike<UserRow | null>
  updateUser?(user: Partial<UserRow> & Pick<UserRow, 'id'>): MaybePromiseLike<UserRow>
  deleteUser?(id: string): MaybePromiseLike<unknown>
  /**
   * Whether a user can be given a field of this name, such as `roles`, that their row doesn't have yet. Left out: no, a user has the
   * columns of their row. What a row has is written in any case.
   */
  keepsUserField?(field: string): MaybePromiseLike<boolean>
  linkAccount?(account: AdapterAccount): MaybePromiseLike<unknown>
  /** With `userId`, only if it is this user's. */
  unlinkAccount?(account: AccountKey & { readonly userId?: string | undefined }): MaybePromiseLike<unknown>
  /** The accounts that are linked to a user, in any order. */
  listAccounts?(userId: string): MaybePromiseLike<readonly AdapterAccount[]>
  createSession?(session: AdapterSession): MaybePromiseLike<unknown>
  getSessionAndUser?(
    sessionToken: string,
  ): MaybePromiseLike<{ session: AdapterSession; user: UserRow; now?: Date } | null>
  updateSession?(session: Partial<AdapterSession> & Pick<AdapterSession, 'sessionToken'>): MaybePromiseLike<unknown>
  deleteSession?(sessionToken: string): MaybePromiseLike<unknown>
  createVerificationToken?(token: VerificationToken): MaybePromiseLike<VerificationToken | null | undefined>
  useVerificationToken?(
    params: Pick<VerificationToken, 'identifier' | 'token'>,
  ): MaybePromiseLike<VerificationToken | null>
  /**
   * For a store that takes sessions over from another library: which of its session tokens is in a cookie's value, or null if it is none of
   * that library's. Asked under the database strategy, of values that aren't this library's own tokens.
   */
  readSessionCookie?(value: string): MaybePromiseLike<string | null>
  /**
   * For the same: called if no row has the hash of a session's token. Makes a row of that library's session and returns it; null if there is
   * no such session.
   */
  takeOverSession?(session: ForeignSession): MaybePromiseLike<SessionAndUser | null>
  /**
   * For the same, while both libraries serve: called for each session that begins under the database strategy, before `createSession`. Keeps
   * the token where the other library looks for it.
   *
   * @returns the value that the cookie must have for both; by default the token
   */
  shareSession?(shared: {
    readonly token: string
    readonly session: StoredSession
  }): MaybePromiseLike<string | undefined>
  /**
   * Opens a table of a plug-in. From then on `deleteUser` and `deleteExpired` delete its rows too. {@link createTableStore} makes this method.
   */
  table?<TSpec extends TableSpec>(name: string, spec: TSpec): Table<TSpec>
}

/** A session that another library may have begun. */
export interface ForeignSession {
  /** What its cookie holds. It authenticates: only its hash may be kept. */
  readonly token: string
  /** SHA-256 of it, as a row has it. */
  readonly sessionToken: string
}

/** A session's row with its user's. */
export interface SessionAndUser {
  readonly session: StoredSession
  readonly user: AdapterUser
  /**
   * The store's own time at this read. A store that several machines share returns it, and sets `rotatedAt` by the same clock: the clocks of
   * two machines differ, and the reuse window of refresh tokens is shorter than such a difference may be.
   *
   * @default the clock of the instance that reads
   */
  readonly now?: Date
}

/**
 * A store that remembers sessions by their public id: with it sessions can be listed and revoked, and a copied jwt cookie dies
 * at sign-out. `memoryAdapter()` and `kyselyAdapter(db)` are of this kind.
 *
 * Every write is one statement with its condition in it; none reads first and writes later.
 */
export interface SessionAdapter extends Adapter {
  /**
   * Makes a user with the id that is given and returns the whole row. Refuses (throws) an id that is taken, and an e-mail that is,
   * whatever the case of its letters.
   */
  createUser: (user: AdapterUser) => Promise<AdapterUser>
  /** The user with every column of its row, or null. */
  getUser: (id: string) => Promise<AdapterUser | null>
  /** Writes the fields that are given and returns the whole row. Refuses (throws) an unknown id and another user's e-mail. */
  updateUser: (user: Partial<AdapterUser> & Pick<AdapterUser, 'id'>) => Promise<AdapterUser>
  /** Deletes the user with their accounts, sessions and rows in the tables that were opened. */
  deleteUser: (id: string) => Promise<void>
  /** Refuses (throws) an id or a token that is there already, tombstones included, and a user who isn't. */
  createSession: (session: StoredSession) => Promise<void>
  /** The row, revoked or expired ones included, and its user with every column, in one look-up; null if either is missing. */
  getSessionAndUser: (sessionToken: string) => Promise<SessionAndUser | null>
  /**
   * Moves the expiry forward and notes when the session was seen. Changes nothing and returns false if the row is gone, revoked,
   * expired at `lastSeenAt`, or already at that expiry or later.
   */
  slideSession: (slide: {
    readonly sessionToken: string
    readonly expires: Date
    readonly lastSeenAt: Date
  }) => Promise<boolean>
  /**
   * Makes `to` the generation of the session's refresh token if the row is live at `now` and still at `from`; false if another
   * rotation or the session's end came first. The expiry moves to `expires` if that is later, and `lastSeenAt` to `now`. One conditional update, so that of many at once exactly one wins. `from` and `to` may be the
   * same: then it only asks, in order with all other writes of the row, whether the session still lives, and `rotatedAt` stays.
   *
   * `rotatedAt` is `now`, or the store's own time if {@link SessionAndUser.now} is.
   */
  rotateSession: (rotation: {
    readonly sessionToken: string
    readonly from: number
    readonly to: number
    readonly expires: Date
    readonly now: Date
  }) => Promise<boolean>
  /** Replaces the claims if the row isn't revoked and is still at `revision`; false if another write came first. */
  writeSessionClaims: (write: {
    readonly sessionToken: string
    readonly revision: number
    readonly claims: Readonly<Record<string, unknown>>
  }) => Promise<boolean>
  /** The user's sessions that are neither revoked nor expired at `now`, newest first. */
  listSessions: (query: { readonly userId: string; readonly now: Date }) => Promise<readonly StoredSession[]>
  /** Ends one session of this user; the row stays as a tombstone. False if it isn't theirs, isn't there or had ended. */
  revokeSession: (params: { readonly id: string; readonly userId: string; readonly now: Date }) => Promise<boolean>
  /** Ends all of a user's sessions but `except`, and returns the ids that it ended. */
  revokeSessions: (params: {
    readonly userId: string
    readonly except?: string | undefined
    readonly now: Date
  }) => Promise<readonly string[]>
  /** Deletes a row that has expired at `now` (by default the current time); any other stays, a tombstone too. */
  deleteSession: (sessionToken: string, now?: Date) => Promise<void>
  /**
   * Deletes at most `limit` (by default 1,000) rows that have expired at `now`, of sessions, verification tokens and the tables that were
   * opened, and returns how many went.
   */
  deleteExpired: (params: { readonly now: Date; readonly limit?: number }) => Promise<number>
}

/** A {@link SessionAdapter} with everything that any feature asks for. */
export interface CompleteAdapter extends SessionAdapter {
  /** The user with this address, the case of ASCII letters aside, or null. */
  getUserByEmail: (email: string) => Promise<AdapterUser | null>
  /** The user who is known to a provider by this id, or null. */
  getUserByAccount: (account: AccountKey) => Promise<AdapterUser | null>
  /** Refuses (throws) an account that is linked already, and one of an unknown user. */
  linkAccount: (account: AdapterAccount) => Promise<void>
  /** With `userId`, only if it is this user's. */
  unlinkAccount: (account: AccountKey & { readonly userId?: string | undefined }) => Promise<void>
  /** The accounts that are linked to a user, by provider and then by id. */
  listAccounts: (userId: string) => Promise<readonly AdapterAccount[]>
  /** Refuses (throws) a token that the identifier has already. */
  createVerificationToken: (token: VerificationToken) => Promise<VerificationToken>
  /** Takes the token out, expired or not; of many at once exactly one gets it, the others null. */
  useVerificationToken: (params: Pick<VerificationToken, 'identifier' | 'token'>) => Promise<VerificationToken | null>
  /** Opens a table of a plug-in. From then on `deleteUser` and `deleteExpired` delete its rows too. */
  table: <TSpec extends TableSpec>(name: string, spec: TSpec) => Table<TSpec>
}

/** Whether a store remembers sessions by public id. */
export function isSessionAdapter(adapter: Adapter | undefined): adapter is SessionAdapter {
  return adapter !== undefined && 'revokeSession' in adapter && typeof adapter.revokeSession === 'function'
}
