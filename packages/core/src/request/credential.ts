import { isOurToken, readBearerToken } from '../bearer/header.ts'
import type { RequestSource } from '../contract/context.ts'
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
  return header('cookie')?.includes(readCookieName(engine)) ?? false
}

/** Part of every header as long as a `baseUrl` that is asked late is wrong: thrown here it would fail public procedures too. */
function readCookieName({ settings }: RequestEngine): string {
  try {
    return settings.cookie.name
  } catch {
    return ''
  }
}

/** Whether something decides that no browser adds by itself: then no foreign page can have made the request. */
export function carriesOwnCredential(engine: RequestEngine, source: RequestSource): boolean {
  return (
    source.ticket !== undefined ||
    findBearerToken(engine, source) !== null ||
    findPluginCredential(engine, source) !== null
  )
}
