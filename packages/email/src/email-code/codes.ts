import type { InBackground, PluginEngine, ProvenAddress, SigningInCall } from '@latchkey/core'
import { createBrowser, keepBrowser, readBrowser } from '../shared/browser.ts'
import { countSend } from '../shared/count-send.ts'
import { type Device, rememberDevice } from '../shared/devices.ts'
import { createDigits } from '../shared/digits.ts'
import { guess } from '../shared/guess.ts'
import { type CodeMessage, NOT_SENT } from '../shared/messages.ts'
import { replace } from '../shared/replace.ts'
import type { EmailSent } from '../shared/sent.ts'
import type { MailSettings } from '../shared/settings.ts'
import type { Tables } from './tables.ts'

/** What the functions of this folder share. */
export interface Shared {
  readonly settings: MailSettings<CodeMessage> & { readonly signUp: boolean }
  readonly engine: PluginEngine<{}, 'EmailCodeExpired', 'getUserByEmail'> & { readonly tables: Tables }
  readonly inBackground: InBackground
}

/**
 * Sends a code that only this browser or app can use. Whatever the address, the same is done before the response.
 *
 * @throws AuthError `RateLimited`
 */
export async function sendCode(
  { settings, engine, inBackground }: Shared,
  call: SigningInCall,
  { email, request }: { readonly email: string; readonly request?: string | undefined },
): Promise<EmailSent> {
  const browser = (await readBrowser(engine, call, request)) ?? createBrowser()
  await countSend(engine, call, { browser, email }, settings.limits)
  const code = createDigits(settings.digits)
  const id = crypto.randomUUID()
  const row = {
    browser: await browserKey(engine, browser),
    id,
    digest: await digestOf(engine, { id, browser, email, code }),
    expires: new Date(engine.clock().getTime() + settings.maxAge * 1_000),
  }
  await replace(engine.tables.codes, { browser: row.browser }, row)
  const handle = await keepBrowser(engine, call, browser)
  const { maxAge: expiresIn, signUp, send } = settings
  inBackground(NOT_SENT, async () => {
    if (signUp || (await engine.store.getUserByEmail(email))) await send({ type: 'code', to: email, code, expiresIn })
  })
  return { status: 'sent', expiresIn, ...handle }
}

/**
 * Uses a code: of many calls at once exactly one goes on.
 *
 * @returns null if the code is wrong
 * @throws AuthError `EmailCodeExpired` if this browser or app waits for none, or there were too many guesses
 */
export async function useCode(
  { settings, engine }: Shared,
  call: SigningInCall,
  { email, code, request }: { readonly email: string; readonly code: string; readonly request?: string | undefined },
): Promise<ProvenAddress | null> {
  const { tables, clock, error } = engine
  const browser = await readBrowser(engine, call, request)
  const key = browser === null ? null : { browser: await browserKey(engine, browser) }
  const row = key && (await tables.codes.get(key))
  if (!browser || !row || row.expires <= clock()) throw error('EmailCodeExpired')
  const digest = await digestOf(engine, { id: row.id, browser, email, code })
  const take = () => tables.codes.take(key, { digest, expires: { above: clock() } })
  const found = await guess(tables.guesses, { row, max: settings.guesses, take })
  if (found === 'over') throw error('EmailCodeExpired')
  if (!found) return null
  return {
    email,
    create: settings.signUp ? {} : null,
    belongings: async () => rememberDevice(engine, { browser, email }),
  }
}

async function browserKey({ hash }: Shared['engine'], browser: string): Promise<string> {
  return hash(`browser ${browser}`)
}

/** Bound to the browser's secret, which nothing stores: without it, the few codes that there are can't be tried against the digest. */
async function digestOf(
  { hash }: Shared['engine'],
  { id, browser, email, code }: Device & { readonly id: string; readonly code: string },
): Promise<string> {
  return hash(`code ${browser} ${id} ${email} ${code}`)
}
