import type { Operation, Plugin } from '@latchkey/core'
import type { PasskeyErrorKind } from './shared.ts'
import type { RegistrationOptions, RegistrationResponse, SignInOptions, SignInResponse } from './web-authn.ts'

/** A passkey as its owner sees it. */
export interface PasskeyInfo {
  /** What `rename` and `remove` take. No secret. */
  readonly id: string
  /** What its owner calls it; at first the password manager or device that keeps it. */
  readonly name: string
  /** Which password manager or kind of device keeps it, if it is a known one: `'1Password'`. */
  readonly authenticator: string | null
  /** Whether it may be copied to the owner's other devices. False: it stays in one, a security key for example. */
  readonly synced: boolean
  /** Whether there is a copy of it, as of its last use. If it is not synced and its device is lost, it is lost too. */
  readonly backedUp: boolean
  readonly createdAt: Date
  /** Null: nobody has signed in with it. */
  readonly lastUsedAt: Date | null
}

/** What the owner of passkeys may do, and what a sign-in begins with: `auth.passkey.*`. */
export interface PasskeyOperations {
  /**
   * What a browser needs to ask for a passkey. With an address it names credentials, so that security keys that keep no list work too; it names
   * as many for an address that nobody has.
   */
  readonly signInOptions: Operation<'mutation', { readonly email?: string | undefined } | void, SignInOptions>
  /** What a browser needs to make a passkey for the person. For people who signed in recently. */
  readonly registerOptions: Operation<'mutation', void, RegistrationOptions>
  /** Keeps the passkey that the browser has made. For people who signed in recently, in the session that asked for the options. */
  readonly register: Operation<
    'mutation',
    { readonly response: RegistrationResponse; readonly name?: string | undefined },
    PasskeyInfo
  >
  /** The person's passkeys, oldest first. */
  readonly list: Operation<'query', void, readonly PasskeyInfo[]>
  /** Gives one of the person's passkeys another name. */
  readonly rename: Operation<'mutation', { readonly id: string; readonly name: string }, PasskeyInfo>
  /** Removes one of the person's passkeys, unless it is their last way to sign in. For people who signed in recently. */
  readonly remove: Operation<'mutation', { readonly id: string }, { readonly removed: true }>
}

/** What `signIn` takes. */
export interface PasskeySignIn {
  /** Which way: with a passkey. */
  readonly provider: 'passkey'
  /** What the browser made of `signInOptions`. */
  readonly response: SignInResponse
  /** That of `signInOptions`, if it returned one: for clients that keep tokens. */
  readonly handle?: string | undefined
}

/** The plug-in that `passkey()` makes. */
export interface Passkey extends Plugin<
  'passkey',
  { operations: PasskeyOperations; signIn: PasskeySignIn; errors: PasskeyErrorKind }
> {}
