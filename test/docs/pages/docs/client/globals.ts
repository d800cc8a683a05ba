import type { AuthErrorKind } from '@latchkey/core'

declare global {
  function askForCode(): Promise<boolean>
  function askForPassword(): Promise<boolean>
  function showSignIn(kind: AuthErrorKind | undefined): void
}
