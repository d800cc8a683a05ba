import { isOurToken, readBearerToken } from '../bearer/header.ts'
import type { RequestSource } from '../contract/request-source.ts'
import { findPluginCredential } from './caller.ts'
import type { RequestEngine } from './engine.ts'

/** The request's bearer token if it is one of ours, and tokens are enabled. */
export function findBearerToken({ bearer, opened }: RequestEngine, source: RequestSource): string | null {
  const token = bearer && readBearerToken(source.header('authorization'))
  if (!token) return null
  return opened?.access.get(token) || isOurToken(token) ? token : null
}

/** Whether a request may carry any credential: asked before a look-up, so that nothing is opened. */
export function carriesCredential(engine: RequestEngine, header: RequestSource['header']): boolean {
  if (header('authorization') || findPluginCredential(engine, { header })) return true
  const cookies = header('cookie')
  return cookies ? knownCookieNames(engine).some((name) => cookies.includes(name)) : false
}

/** If a `baseUrl` that is read late is wrong, this must not throw: public procedures would fail too. */
function knownCookieNames({ settings }: RequestEngine): readonly string[] {
  try {
    const { name, replaces } = settings.cookie
    return replaces ? [name, replaces.name] : [name]
  } catch {
    return ['']
  }
}

/** Whether a credential decides that no browser adds by itself: then another site's page can't have made the request. */
export function carriesOwnCredential(engine: RequestEngine, source: RequestSource): boolean {
  return (
    source.ticket !== undefined ||
    findBearerToken(engine, source) !== null ||
    findPluginCredential(engine, source) !== null
  )
}
