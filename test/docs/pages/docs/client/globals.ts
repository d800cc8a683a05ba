import type { AuthErrorKind } from '@latchkey/core'

declare global {
  function showSignIn(kind: AuthErrorKind | undefined): void
}
