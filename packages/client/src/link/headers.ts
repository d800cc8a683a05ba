import type { HTTPHeaders, Operation } from '@trpc/client'
import type { AnyAuthLinkOptions } from './options.ts'

/** The app's own headers, as a record. */
export async function readHeaders(
  headers: AnyAuthLinkOptions['headers'],
  op: Operation,
): Promise<Record<string, string | string[] | undefined>> {
  const found: HTTPHeaders = (typeof headers === 'function' ? await headers({ op }) : headers) ?? {}
  return Symbol.iterator in found ? Object.fromEntries(found as Iterable<[string, string]>) : found // it has the method that makes it one
}
