/**
 * Why there is no passkey:
 * - `'cancelled'`: the person has closed the browser's dialog, or had no passkey to choose; also if another dialog has replaced it, or the signal
 *   was aborted. Browsers tell these apart to nobody, so that a page can't find out which passkeys a device has.
 * - `'notSupported'`: this browser or device can't do what is needed.
 * - `'alreadyRegistered'`: the device has a passkey of this person's already.
 * - `'failed'`: anything else. The cause says what; a wrong domain, for example.
 */
export type PasskeyErrorReason = 'cancelled' | 'notSupported' | 'alreadyRegistered' | 'failed'

const MESSAGES: Readonly<Record<PasskeyErrorReason, string>> = {
  cancelled: 'No passkey was chosen.',
  notSupported: 'This browser or device does not support passkeys.',
  alreadyRegistered: 'This device has a passkey for this account already.',
  failed: 'The passkey could not be used.',
}

/** What the browser's part of a registration or a sign-in fails with. What the server refuses is an error of the tRPC client, as ever. */
export class PasskeyError extends Error {
  /** Always `'PasskeyError'`. */
  override readonly name = 'PasskeyError'
  /** Why: switch on this, never on the message. */
  readonly reason: PasskeyErrorReason

  constructor(reason: PasskeyErrorReason, options?: { readonly cause?: unknown }) {
    super(MESSAGES[reason], options)
    this.reason = reason
  }
}

/** By the names of WebAuthn's errors, which @simplewebauthn/browser keeps. */
const REASONS: ReadonlyMap<string, PasskeyErrorReason> = new Map([
  ['NotAllowedError', 'cancelled'],
  ['AbortError', 'cancelled'],
  ['InvalidStateError', 'alreadyRegistered'],
  ['NotSupportedError', 'notSupported'],
  ['ConstraintError', 'notSupported'],
])

/** What a browser's refusal means to an app. */
export function toPasskeyError(cause: unknown): PasskeyError {
  const name = cause instanceof Error ? cause.name : ''
  return new PasskeyError(REASONS.get(name) ?? 'failed', { cause })
}
