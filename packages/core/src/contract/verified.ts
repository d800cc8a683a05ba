import type { Account, User } from './user.ts'

/** The fields of a user who doesn't exist yet, without an id. Fields of the app's own are written if the store has a column for them. */
export interface NewUser extends Omit<User, 'id'> {
  /** When the e-mail address was found to be theirs. @default null: it wasn't */
  readonly emailVerified?: Date | null | undefined
}

/**
 * What a check has shown: whose sign-in this is. What follows is the same for every way of signing in: the callbacks are asked, the user is
 * found, created or linked, second factors that are due are asked for, and the session begins.
 */
export type Verified = VerifiedUser | MirroredUser | CreatedUser | LinkedUser | ProvenAddress

/** What every kind of {@link Verified} may say. */
export interface VerifiedBase {
  /**
   * How the person was verified, by the names of RFC 8176: `amr` of the session. Each is one word.
   *
   * @default by the provider's type: `['pwd']` for `'credentials'`, `['email']` for `'email'`, `['fed']` for `'oauth'` and `'oidc'`; else
   * empty, and so for an operation of a plug-in without a provider
   */
  readonly amr?: readonly string[] | undefined
  /**
   * Writes what belongs to the user: the hash of a password, the tokens of a service. Called once the signIn callback has agreed and the user
   * was found, created, linked or taken over, before second factors and the session. If it throws, the sign-in fails, and a user who was created
   * for it is removed again. (Not `then`: that would be a thenable.)
   */
  readonly belongings?: ((user: User) => Promise<void>) | undefined
  /**
   * Whether what has verified the person still counts: asked once more when their session, or the challenge for their second step, has been
   * written. A password may have been changed, and all sessions ended, while it was compared: a session that begins after that would stay. What
   * changes must be written before sessions are ended. false: the sign-in fails with `SessionRevoked`, and the new session ends.
   *
   * @default nothing is asked
   */
  readonly stillCounts?: (() => Promise<boolean>) | undefined
}

/** A user of the store, as it was read. */
export interface VerifiedUser extends VerifiedBase {
  /** The row, with its `emailVerified`: null says that the account may be taken over while the sign-in goes on. Nothing is written into it. */
  readonly user: User
}

/** A user that a check of the app's own knows: created in the store with this id if it isn't there, brought up to date if it is. */
export interface MirroredUser extends VerifiedBase {
  /** The user with the id that they have or get in the store. */
  readonly mirror: User
}

/** Somebody new. They are created once the signIn callback has agreed. */
export interface CreatedUser extends VerifiedBase {
  /** The fields of their row. Its id is made here. */
  readonly create: NewUser
  /**
   * The error if another user has the e-mail address.
   *
   * @default AuthError `InvalidInput`, naming the field `email`
   */
  readonly taken?: (() => Error) | undefined
}

/**
 * A user whom another service has verified: found by their account there, or created and linked to it. If a user has the same e-mail address,
 * the account becomes theirs only if both sides have verified it (`person.emailVerified` and their row's). If only the service has, the
 * row is taken over first, as for a {@link ProvenAddress}. In any other case nothing is linked: AuthError `OAuthAccountNotLinked`.
 */
export interface LinkedUser extends VerifiedBase {
  /** The service, and the user's id there. */
  readonly account: Account
  /** The fields of their row, if they are new. `emailVerified`: the service says that the address is theirs. */
  readonly person: NewUser
  /** What the service returned, for the callbacks. JSON, unchanged. */
  readonly profile?: object | null | undefined
}

/**
 * Somebody who has shown that mail to an address reaches them: by a code, a link or the reset of a password. A user who has verified the address
 * is signed in. A user who has it and never verified it may be somebody else, who wrote down a stranger's address and waits for its
 * owner. Their row is taken over: every way to sign in, second factor and linked account of it is removed, its sessions end, and then its
 * address counts as verified. If a provider of the app's own can't be taken away, that is refused: AuthError `OAuthAccountNotLinked`.
 */
export interface ProvenAddress extends VerifiedBase {
  /** The address, in the form in which the plug-in stores addresses (`parseEmailAddress`). */
  readonly email: string
  /**
   * The other fields of whoever is created if nobody has the address; null: then nobody is created (`AccessDenied`).
   *
   * @default {}
   */
  readonly create?: Omit<NewUser, 'email' | 'emailVerified'> | null | undefined
}

/** A sign-in that waits for its second step. */
export interface Pending {
  /** What its client was given. */
  readonly challenge: string
  /** Whose sign-in it is, as the store has them now. */
  readonly user: User
  /** How the first step was taken. */
  readonly account: Account
  /** What the first step has shown: `amr` of the session that it would begin. */
  readonly amr: readonly string[]
  /** The names of the factors of which one is asked for. */
  readonly factors: readonly string[]
}

/** What {@link Verified} becomes if a second factor is due. */
export interface Challenge<TFactor extends string = string> {
  /** The sign-in waits: the client asks the person for one of `factors`. */
  readonly status: 'challenge'
  /** Names the sign-in that waits, for the factor's own operation. It works once and authenticates nothing by itself. */
  readonly challenge: string
  /** Seconds for which it works. */
  readonly expiresIn: number
  /** The names of the second factors. One of them is enough. */
  readonly factors: readonly TFactor[]
}
