import type { Challenge, Operation, Plugin, SignedIn } from '@latchkey/core'

/** A second factor that is being set up. It counts once a code of it was given to `confirm`. */
export interface NewTotp {
  /** What a QR code shows: authenticator apps read it (`otpauth://totp/…`). */
  readonly uri: string
  /** The same secret in base32, to be typed in. This is the only time that it is known. */
  readonly secret: string
}

/** Codes that each work once in place of an authenticator's. */
export interface BackupCodes {
  /** The codes, ten of them. This is the only time that they are known: only their digests are stored. */
  readonly backupCodes: readonly string[]
}

/** Whether a person has a second factor. */
export interface TotpStatus {
  readonly enabled: boolean
  /** Since when; null: they have none. */
  readonly since: Date | null
  /** How many backup codes are left. */
  readonly backupCodes: number
}

/** What `verify` takes. */
export interface VerifyTotp {
  /** As the first step of the sign-in returned it. */
  readonly challenge: string
  /** The six digits that the authenticator shows. */
  readonly code: string
  /**
   * Remembers this device by a cookie of its browser, so that its next sign-ins need no second factor. Clients that keep tokens aren't remembered.
   *
   * @default false
   */
  readonly remember?: boolean | undefined
}

/** What `useBackupCode` takes. */
export interface BackupCodeInput {
  /** As the first step of the sign-in returned it. */
  readonly challenge: string
  /** One of the person's backup codes. Case, spaces and dashes don't matter. */
  readonly code: string
}

/** A person's second factor: `auth.totp.*`. */
export interface TotpOperations {
  /**
   * Begins to set up a second factor: show `uri` as a QR code, then call `confirm`. For people who signed in recently. Whoever has a second
   * factor already must have shown it in this session, and keeps it until the new one is confirmed.
   */
  readonly enrol: Operation<'mutation', void, NewTotp>
  /** Makes the new second factor count, once a code of it is given, and returns backup codes. */
  readonly confirm: Operation<'mutation', { readonly code: string }, BackupCodes>
  /** Removes the second factor, its backup codes and remembered devices. For people who signed in recently and have shown it in this session. */
  readonly disable: Operation<'mutation', void, { readonly disabled: true }>
  /** Replaces the backup codes. For people who signed in recently and have shown their second factor in this session. */
  readonly regenerateBackupCodes: Operation<'mutation', void, BackupCodes>
  /** Whether the person has a second factor. */
  readonly status: Operation<'query', void, TotpStatus>
  /** The second step of a sign-in: returns what `signIn` does. */
  readonly verify: Operation<'mutation', VerifyTotp, SignedIn>
  /** The second step of a sign-in by a backup code, which is used up by it: returns what `signIn` does. */
  readonly useBackupCode: Operation<'mutation', BackupCodeInput, SignedIn>
  /**
   * Shows the second factor in a session that began without it (`StepUpRequired` with the `factor` `'mfa'`): a code, or a backup code. Another
   * session takes the place of this one, so it returns what `signIn` does.
   */
  readonly stepUp: Operation<'mutation', { readonly code: string }, SignedIn>
}

/** The plug-in that `totp()` makes. */
export interface Totp extends Plugin<
  'totp',
  { operations: TotpOperations; answers: Challenge<'totp'>; errors: 'TotpNotEnrolled' }
> {}
