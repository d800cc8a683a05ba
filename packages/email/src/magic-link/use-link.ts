import type { ProvenAddress, SigningInCall } from '@latchkey/core'
import { readBrowser } from '../shared/browser.ts'
import { guess } from '../shared/guess.ts'
import { browserKey, codeKey, type Shared, tokenKey, toProven } from './shared.ts'
import type { LinkRow } from './tables.ts'

/** A link as the browser or app that has opened it may use it. */
export interface OpenedLink {
  readonly row: LinkRow
  /** The secret of the browser, if it is the one that has asked for the link; else null: it may only be told the code. */
  readonly browser: string | null
}

/** Looks a link up, and changes nothing: programs that check mails open links, too. Null: it was used, has expired, or was replaced. */
export async function findLink(
  { engine }: Shared,
  call: Pick<SigningInCall, 'flow' | 'cookie'>,
  { token, request }: { readonly token: string; readonly request?: string | undefined },
): Promise<OpenedLink | null> {
  const row = await engine.tables.links.get({ token: await tokenKey(engine, token) })
  if (!row || row.expires <= engine.clock()) return null
  const browser = await readBrowser(engine, call, request)
  const isOwn = browser !== null && (await browserKey(engine, browser)) === row.browser
  return { row, browser: isOwn ? browser : null }
}

/**
 * Uses a link in the browser or app that has asked for it: of many calls at once exactly one goes on.
 *
 * @throws AuthError `MagicLinkExpired`, `MagicLinkElsewhere` in any other browser
 */
export async function useLink(
  shared: Shared,
  call: SigningInCall,
  input: { readonly token: string; readonly request?: string | undefined },
): Promise<{ readonly proven: ProvenAddress; readonly redirectTo: string | null }> {
  const { tables, clock, error } = shared.engine
  const link = await findLink(shared, call, input)
  if (!link) throw error('MagicLinkExpired')
  const { row, browser } = link
  if (browser === null) throw error('MagicLinkElsewhere')
  const taken = await tables.links.take({ token: row.token }, { browser: row.browser, expires: { above: clock() } })
  if (!taken) throw error('MagicLinkExpired')
  return { proven: toProven(shared, browser, taken), redirectTo: taken.redirectTo }
}

/**
 * Uses the code that the link's page has shown in another browser.
 *
 * @returns null if it is wrong
 * @throws AuthError `MagicLinkExpired` if this browser or app waits for no link, or there were too many guesses
 */
export async function useCodeOfLink(
  shared: Shared,
  call: SigningInCall,
  { email, code, request }: { readonly email: string; readonly code: string; readonly request?: string | undefined },
): Promise<ProvenAddress | null> {
  const { settings, engine } = shared
  const { tables, clock, error } = engine
  const browser = await readBrowser(engine, call, request)
  const key = browser === null ? null : { browser: await browserKey(engine, browser) }
  const row = key && (await tables.links.get(key))
  if (!browser || !row || row.expires <= clock()) throw error('MagicLinkExpired')
  const digest = await codeKey(engine, { browser, id: row.id, code })
  const take = () => tables.links.take(key, { digest, email, expires: { above: clock() } })
  const found = await guess(tables.guesses, { row, max: settings.guesses, take })
  if (found === 'over') throw error('MagicLinkExpired')
  return found && toProven(shared, browser, found)
}
