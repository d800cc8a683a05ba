import type { Shared } from './shared.ts'

const PURPOSE = 'secret'
/** Seconds. A secret lasts until it is replaced. */
const HUNDRED_YEARS = 3_155_760_000

/** A secret as a table may keep it: encrypted with the app's own secret, for whoever reads the table could sign in with it. */
export function sealSecret({ engine }: Shared, secret: string): Promise<string> {
  return engine.seal(PURPOSE, { secret }, HUNDRED_YEARS)
}

/**
 * The secret of a row.
 *
 * @throws AuthError `Configuration` if the app's secret that it was sealed with is gone: a failure of the server, not a wrong code
 */
export async function openSecret({ engine }: Shared, sealed: string): Promise<string> {
  const opened = await engine.unseal(PURPOSE, sealed)
  if (typeof opened?.secret === 'string') return opened.secret
  const detail = 'secret: a second factor was sealed with one that is no longer in the list. Put it back at its end'
  throw engine.error('Configuration', { detail })
}
