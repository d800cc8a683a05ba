import type { SessionInfo } from './session.ts'

/** An account at another service, as the list shows it. */
export interface AccountInfo {
  /** What `accounts.unlink` takes. */
  readonly id: string
  /** The id of the provider. */
  readonly provider: string
  /** What kind of way it is: `'oauth'`, `'oidc'`. */
  readonly type: string
  /** The address that the service gave, if the store keeps it. */
  readonly email?: string
  /** Since when it is linked, if the store keeps that. */
  readonly createdAt?: Date
}

/** A way to sign in that a person has: of a plug-in's, or a linked account. */
export interface WayInfo {
  /** What the plug-in names it, or the account's id. */
  readonly id: string
  /** The id of the plug-in; null: it is a linked account. */
  readonly plugin: string | null
  /** The id of the provider of a linked account; null: it is a plug-in's. */
  readonly provider: string | null
  /** What kind of way it is: `'password'`, `'passkey'`, `'oauth'`. */
  readonly type: string
  /** What the person calls it; null: it has no name. */
  readonly name: string | null
  /** Since when it is there; null: that isn't known. */
  readonly createdAt: Date | null
}

/** Everything that is kept of a user, without what authenticates: what `account.export` returns. */
export interface AccountExport {
  readonly exportedAt: Date
  /**
   * Of their row the fields that this library knows, and those of declared claims. Other columns may hold secrets: export them by a plug-in
   * of the app's own (`exports`).
   */
  readonly user: Readonly<Record<string, unknown>>
  readonly accounts: readonly ExportedAccount[]
  /** Empty if the adapter can't list sessions. */
  readonly sessions: readonly SessionInfo[]
  /** What each plug-in keeps of them, by the plug-in's id. */
  readonly plugins: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** A linked account in an export. */
export interface ExportedAccount extends AccountInfo {
  /** The user's id at the service. */
  readonly providerAccountId: string
}
