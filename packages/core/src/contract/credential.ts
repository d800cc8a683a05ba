import type { UserRow } from '../store/adapter.ts'

/** Whose credential it is, and what it may do. */
export interface OpenedCredential {
  /** The user's row as the store has it: roles and declared claims are read from its columns. */
  readonly user: UserRow
  /** A public id of the credential, fit for lists and logs: `session.sessionId`. Not what authenticates. */
  readonly id: string
  /** What it may do: what `requireScope` compares with. */
  readonly scopes: readonly string[]
  /** Null: it doesn't end by itself. */
  readonly expires: Date | null
  /** Roles and declared claims of the caller. @default those of the user's columns */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
}

/**
 * Another kind of credential than a session. It is looked for after tickets and bearer tokens and before the session cookie, and the first
 * credential that is found decides alone.
 */
export interface CredentialSource {
  /**
   * The credential in the request's headers, or null. Decide by its form: what is returned is not looked up as anything else.
   *
   * @param header a header by any-case name. Cookies can't be read, nor an `authorization` of the schemes Basic, Digest, Negotiate and NTLM:
   * browsers add them to other sites' requests too
   */
  readonly find: (header: (name: string) => string | null) => string | null
  /**
   * Whose it is. Null: it isn't valid (`InvalidToken`). May throw an error of the plug-in's own instead; one with the code UNAUTHORIZED
   * says that the caller isn't known.
   */
  readonly open: (value: string) => Promise<OpenedCredential | null>
}
