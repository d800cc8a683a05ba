import { createRandomText, type PluginEngine, type SigningInCall } from '@latchkey/core'

/** Seconds. A browser with which its person has signed in is known for half a year after the last time. */
export const DEVICE_MAX_AGE: number = 180 * 86_400

const PURPOSE = 'browser'

type Seals = Pick<PluginEngine, 'seal' | 'unseal'>

/**
 * The id of the browser, from its cookie, or of the client that keeps tokens, from what it was given at its last request. It is sealed, so whoever holds it can't read it either: digests that are made with it can't be searched for codes, not even by
 * somebody who reads the database.
 *
 * @returns null if the client has none yet: see {@link createBrowser}
 */
export async function readBrowser(
  { unseal }: Seals,
  call: Pick<SigningInCall, 'flow' | 'cookie'>,
  request: string | undefined,
): Promise<string | null> {
  const sealed = call.flow === 'cookie' ? call.cookie(PURPOSE) : request
  const opened = sealed ? await unseal(PURPOSE, sealed) : null
  return typeof opened?.id === 'string' ? opened.id : null
}

/** A client that isn't known yet. */
export function createBrowser(): string {
  return createRandomText()
}

/** Lets the client keep its id: in a cookie, or in the result for one that keeps tokens. */
export async function keepBrowser(
  { seal }: Seals,
  call: Pick<SigningInCall, 'flow' | 'setCookie'>,
  id: string,
): Promise<{ readonly request?: string }> {
  const sealed = await seal(PURPOSE, { id }, DEVICE_MAX_AGE)
  if (call.flow === 'token') return { request: sealed }
  call.setCookie(PURPOSE, sealed, { maxAge: DEVICE_MAX_AGE })
  return {}
}
