import { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill } from '@simplewebauthn/browser'

/** Whether this browser can use passkeys, on this page: they need https, or localhost. */
export function supportsPasskeys(): boolean {
  return browserSupportsWebAuthn()
}

/** Whether this browser can offer passkeys among its suggestions for an input field. */
export async function supportsPasskeyAutofill(): Promise<boolean> {
  return browserSupportsWebAuthnAutofill()
}
