import { isTrustedUrl, redirectTo, toUrl } from '../addresses.ts'
import type { Shared } from '../shared.ts'
import { FLOW_LIFE } from './flow.ts'
import { sealParams } from './params.ts'

/** What a state ends with if its flow belongs to another origin than the one whose callback is registered; else nothing. */
export async function markOrigin({ engine, settings }: Shared): Promise<string> {
  const { origin } = engine.baseUrl
  if (settings.callbackOrigin === null || settings.callbackOrigin === origin) return ''
  return `~${await engine.seal('origin', { origin }, FLOW_LIFE)}`
}

/**
 * The redirect that hands a callback on to the deployment whose flow it is; null: it is this one's own. Only a state that was sealed with the
 * shared secret names an origin, and only a trusted one is served. Its parameters are sealed: they stay out of logs, and can't be changed.
 *
 * @throws AuthError `OAuthCallbackError`
 */
export async function forward(shared: Shared, provider: string, params: URLSearchParams): Promise<Response | null> {
  const { engine, settings } = shared
  const mark = params.get('state')?.split('~', 2)[1]
  if (settings.callbackOrigin !== engine.baseUrl.origin || mark === undefined) return null
  const { origin } = (await engine.unseal('origin', mark)) ?? {}
  if (typeof origin !== 'string') throw engine.error('OAuthCallbackError', { detail: 'the state names no origin' })
  const target = toUrl(shared, `callback/${provider}`, origin)
  if (!isTrustedUrl(shared, target.href))
    throw engine.error('OAuthCallbackError', { detail: `the origin ${origin} isn't among trustedOrigins` })
  target.searchParams.set('sealed', await sealParams(shared, provider, params))
  return redirectTo(target)
}
