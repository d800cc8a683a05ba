import { createRandomText, type SigningInCall } from '@latchkey/core'
import { createBrowser, keepBrowser, readBrowser } from '../shared/browser.ts'
import { countSend } from '../shared/count-send.ts'
import { NOT_SENT } from '../shared/messages.ts'
import { replace } from '../shared/replace.ts'
import type { EmailSent } from '../shared/sent.ts'
import { PATH } from './path.ts'
import { browserKey, codeKey, codeOf, type Shared, tokenKey } from './shared.ts'

export interface LinkRequest {
  readonly email: string
  readonly redirectTo?: string | undefined
  readonly request?: string | undefined
}

/**
 * Sends a link that only this browser or app can use. Whatever the address, the same is done before the response.
 *
 * @throws AuthError `RateLimited`
 */
export async function sendLink(
  { settings, engine, inBackground }: Shared,
  call: SigningInCall,
  { email, redirectTo, request }: LinkRequest,
): Promise<EmailSent> {
  const browser = (await readBrowser(engine, call, request)) ?? createBrowser()
  await countSend(engine, call, { browser, email }, settings.limits)
  const token = createRandomText()
  const id = crypto.randomUUID()
  const row = {
    browser: await browserKey(engine, browser),
    id,
    token: await tokenKey(engine, token),
    digest: await codeKey(engine, { browser, id, code: await codeOf(engine, token, settings.digits) }),
    email,
    // A client that keeps tokens isn't redirected.
    redirectTo: redirectTo === undefined || call.flow === 'token' ? null : await engine.safeRedirect(redirectTo),
    expires: new Date(engine.clock().getTime() + settings.maxAge * 1_000),
  }
  await replace(engine.tables.links, { browser: row.browser }, row)
  const handle = await keepBrowser(engine, call, browser)
  const { maxAge: expiresIn, signUp, send } = settings
  inBackground(NOT_SENT, async () => {
    const url = linkUrl({ settings, engine }, token)
    if (signUp || (await engine.store.getUserByEmail(email))) await send({ type: 'link', to: email, url, expiresIn })
  })
  return { status: 'sent', expiresIn, ...handle }
}

/** Always under the address that is configured, whatever a request says of its host. */
function linkUrl({ settings, engine }: Pick<Shared, 'settings' | 'engine'>, token: string): string {
  const url = new URL(settings.page ?? `${engine.basePath}/${PATH}`, engine.baseUrl)
  url.searchParams.set('token', token)
  return url.href
}
