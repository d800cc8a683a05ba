import type { AuthErrorKind } from '@latchkey/core'

/** Why a sign-in in a popup ended without a session: a kind of the server's or of one of its plug-ins, or that the popup was closed before. */
export type SignInErrorKind = AuthErrorKind | 'PopupClosed' | (string & Record<never, never>)

/** A sign-in in a popup has ended without a session. */
export class SignInError extends Error {
  override readonly name = 'SignInError'
  readonly kind: SignInErrorKind
  /** As tRPC's errors have it, for `readErrorKind`. */
  readonly data: { readonly kind: SignInErrorKind }

  constructor(kind: SignInErrorKind) {
    super(`${kind}: the sign-in in the popup has ended without a session.`)
    this.kind = kind
    this.data = { kind }
  }
}
