import type { HTTPHeaders, Operation } from '@trpc/client'
import type { AnyAuthLinkOptions } from './options.ts'

/** Where the token endpoint is: as given, and where that is a path, at the origin of the tRPC endpoint. */
export function toTokenUrl(url: string | URL, tokenUrl: string): string {
  const origin = /^[a-z]+:\/\/[^/]+/i.exec(url.toString())?.[0] ?? ''
  return tokenUrl.startsWith('/') ? origin + tokenUrl : tokenUrl
}

/** The headers of the app's own making, as a record. */
export async function readHeaders(
  headers: AnyAuthLinkOptions['headers'],
  op: Operation,
): Promise<Record<string, string | string[] | undefined>> {
  const found: HTTPHeaders = (typeof headers === 'function' ? await headers({ op }) : headers) ?? {}
  return Symbol.iterator in found ? Object.fromEntries(found as Iterable<[string, string]>) : found // it has the method that makes it one
}
