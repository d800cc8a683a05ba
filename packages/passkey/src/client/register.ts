import { startRegistration } from '@simplewebauthn/browser'
import type { RegistrationOptions, RegistrationResponse } from '../web-authn.ts'
import type { RegistrationClient } from './auth.ts'
import { PasskeyError, toPasskeyError } from './error.ts'
import { supportsPasskeys } from './supports.ts'

/** What {@link registerPasskey} takes besides the client. */
export interface RegisterPasskeyOptions {
  /**
   * What the person calls it.
   *
   * @default the password manager or device that keeps it, if it is known
   */
  readonly name?: string
}

/**
 * Makes a passkey for the person who is signed in, and registers it: opens the browser's dialog.
 *
 * @param auth the part of the tRPC client where `authRouter` is mounted
 * @throws PasskeyError if the browser made none; the tRPC client's error if the server refused, `StepUpRequired` for example
 * @returns the passkey, as `passkey.list` shows it
 *
 * @example await registerPasskey(client.auth, { name: 'My phone' })
 */
export async function registerPasskey<TInfo>(
  auth: RegistrationClient<TInfo>,
  { name }: RegisterPasskeyOptions = {},
): Promise<TInfo> {
  if (!supportsPasskeys()) throw new PasskeyError('notSupported')
  const options = await auth.passkey.registerOptions.mutate()
  const response = await create(options)
  return auth.passkey.register.mutate({ response, ...(name !== undefined && { name }) })
}

type BrowserOptions = Parameters<typeof startRegistration>[0]['optionsJSON']

async function create(options: RegistrationOptions): Promise<RegistrationResponse> {
  try {
    // Its lists are writable, ours aren't; it writes into none.
    return await startRegistration({ optionsJSON: options as unknown as BrowserOptions })
  } catch (cause) {
    throw toPasskeyError(cause)
  }
}
