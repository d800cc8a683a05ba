import { startAuthentication, WebAuthnAbortService } from '@simplewebauthn/browser'
import type { SignInOptions, SignInResponse } from '../web-authn.ts'
import type { SignInClient } from './auth.ts'
import { PasskeyError, toPasskeyError } from './error.ts'
import { supportsPasskeyAutofill, supportsPasskeys } from './supports.ts'

/** What {@link signInWithPasskey} takes besides the client. */
export interface SignInWithPasskeyOptions {
  /**
   * The person's address, if they have typed one. Without it they choose among the passkeys that the device has; with it, a security key that
   * keeps no list works too.
   *
   * @default none
   */
  readonly email?: string
  /**
   * Waits, without a dialog, until the person chooses a passkey among the suggestions of an input field with `autocomplete="username webauthn"`.
   * Call it once, when the page is there. A dialog that is opened later ends it (`'cancelled'`).
   *
   * @default false: opens the browser's dialog
   */
  readonly autofill?: boolean
  /** Ends the waiting: when the person leaves the page, for example. @default none */
  readonly signal?: AbortSignal
}

/**
 * Signs in with a passkey.
 *
 * @param auth the part of the tRPC client where `authRouter` is mounted
 * @throws PasskeyError if the person chose none; the tRPC client's error if the server refused
 * @returns what `signIn` returns: usually `{ status: 'signedIn', session }`
 *
 * @example const result = await signInWithPasskey(client.auth)
 */
export async function signInWithPasskey<TResult>(
  auth: SignInClient<TResult>,
  { email, autofill = false, signal }: SignInWithPasskeyOptions = {},
): Promise<TResult> {
  if (!(autofill ? await supportsPasskeyAutofill() : supportsPasskeys())) throw new PasskeyError('notSupported')
  for (;;) {
    const { handle, ...options } = await auth.passkey.signInOptions.mutate(email === undefined ? {} : { email })
    const response = await ask(options, { autofill, signal })
    if (response) return auth.signIn.mutate({ provider: 'passkey', response, ...(handle !== undefined && { handle }) })
  }
}

type BrowserOptions = Parameters<typeof startAuthentication>[0]['optionsJSON']

/** Null: nobody has chosen while the challenge works; ask again with a new one. Only with `autofill`, which has no end of its own. */
async function ask(
  options: SignInOptions,
  { autofill, signal }: { readonly autofill: boolean; readonly signal: AbortSignal | undefined },
): Promise<SignInResponse | null> {
  if (signal?.aborted) throw new PasskeyError('cancelled', { cause: signal.reason })
  let isOver = false
  const cancel = () => WebAuthnAbortService.cancelCeremony()
  const renew = () => {
    isOver = true
    cancel()
  }
  const timer = autofill ? setTimeout(renew, options.timeout * RENEWED_AFTER) : undefined
  signal?.addEventListener('abort', cancel)
  try {
    // Its lists are writable, ours aren't; it writes into none.
    return await startAuthentication({
      optionsJSON: options as unknown as BrowserOptions,
      useBrowserAutofill: autofill,
    })
  } catch (cause) {
    if (isOver && !signal?.aborted) return null
    throw toPasskeyError(cause)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', cancel)
  }
}

/** Part of the challenge's life: what is left is for the person who has just chosen. */
const RENEWED_AFTER = 0.8
