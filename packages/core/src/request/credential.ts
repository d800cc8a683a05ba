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

/** Whether something decides that no browser adds by itself: then no foreign page can have made the request. */
export function carriesOwnCredential(engine: RequestEngine, source: RequestSource): boolean {
  return (
    source.ticket !== undefined ||
    findBearerToken(engine, source) !== null ||
    findPluginCredential(engine, source) !== null
  )
}
