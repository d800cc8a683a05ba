import type { ResponseSink, Writability } from '@latchkey/core'
import {
  addCookie,
  keepFromCaches,
  mergeCookies,
  type PendingHeaders,
  pendingHeaders,
  varyByCookie,
} from './headers.ts'
import type { HeadersWriter } from './request.ts'

/**
 * Writes into the `Headers` that the Fetch adapter will send, at once and again whenever they are read: between the two the app's
 * `responseMeta` may have replaced a cookie or told caches to keep the response.
 *
 * If a result fails to serialise, tRPC copies them twice (trpc-facts 13): the same cookie then arrives twice with the same value.
 */
export function createFetchSink(headers: HeadersWriter, isCommitted: () => boolean): ResponseSink {
  const change = (write: (pending: PendingHeaders) => void) => {
    const pending = pendingHeaders(headers, applyWhenRead)
    write(pending)
    apply(headers, pending)
  }
  return {
    writability: (): Writability => (isCommitted() ? 'committed' : 'writable'),
    setCookie: (name, header, isCurrent) => change((pending) => addCookie(pending, name, { header, isCurrent })),
    noStore: () =>
      change((pending) => {
        pending.noStore = true
      }),
  }
}

function applyWhenRead(headers: HeadersWriter, pending: PendingHeaders): void {
  for (const method of ['entries', Symbol.iterator]) {
    const read: unknown = Reflect.get(headers, method)
    if (typeof read !== 'function') continue
    const value = () => {
      apply(headers, pending)
      return Reflect.apply(read, headers, [])
    }
    Object.defineProperty(headers, method, { value, configurable: true, writable: true })
  }
}

function apply(headers: HeadersWriter, { cookies, noStore }: PendingHeaders): void {
  if (cookies) {
    const merged = mergeCookies(headers.getSetCookie(), cookies)
    headers.delete('set-cookie')
    for (const cookie of merged) headers.append('set-cookie', cookie)
  }
  if (!noStore && !cookies) return
  headers.set('cache-control', keepFromCaches(headers.get('cache-control')))
  headers.set('vary', varyByCookie(headers.get('vary')))
}
