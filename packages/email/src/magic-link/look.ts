import type { Call } from '@latchkey/core'
import { codeOf, type Shared } from './shared.ts'
import type { LinkInfo, LinkToken } from './types.ts'
import { findLink } from './use-link.ts'

/**
 * What an app's own page shows for a link.
 *
 * @throws AuthError `MagicLinkExpired`
 */
export async function look(shared: Shared, { cookie }: Call, link: LinkToken): Promise<LinkInfo> {
  const { engine, settings } = shared
  // A query has no flow: a client that keeps tokens is the one that names itself.
  const flow = link.request === undefined ? 'cookie' : 'token'
  const found = await findLink(shared, { flow, cookie }, link)
  if (!found) throw engine.error('MagicLinkExpired')
  const redirectTo = found.row.redirectTo ?? (flow === 'cookie' ? await engine.safeRedirect('/') : engine.baseUrl.href)
  if (found.browser !== null) return { isHere: true, code: null, redirectTo }
  return { isHere: false, code: await codeOf(engine, link.token, settings.digits), redirectTo }
}
