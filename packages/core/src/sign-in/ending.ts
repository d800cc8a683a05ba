/** What ends once the session has begun. */
export interface Ending {
  /** The session in tokens whose place this one takes; null: none. */
  readonly family: { readonly sessionId: string; readonly userId: string } | null
  /** Whether all other sessions of the user end too. */
  readonly endOthers: boolean
}
