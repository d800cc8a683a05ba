import type { ResponseSink, Writability } from '@latchkey/core'
import { keepFromCaches, mergeCookies, type PendingHeaders, pendingHeaders, varyByCookie } from './headers.ts'
import type { NodeResponse } from './request.ts'

/** Writes into a Node response when its headers leave, so that nothing the app sets meanwhile takes ours away. */
export function createNodeSink(res: NodeResponse, isCommitted: () => boolean): ResponseSink {
  return {
    writability: (): Writability => (res.headersSent || isCommitted() ? 'committed' : 'writable'),
    setCookie: (name, header, isCurrent) =>
      void pendingHeaders(res, wrapWriteHead).cookies.set(name, { header, isCurrent }),
    noStore: () => {
      if (!res.headersSent) pendingHeaders(res, wrapWriteHead).noStore = true
    },
  }
}

type HeaderPart = string | number | readonly (string | number)[]
type WriteHead = (...args: readonly unknown[]) => unknown

/**
 * Every way out of a Node response goes through its `writeHead`: Node itself calls it for implicit headers, and Fastify passes it
 * headers of its own. (express-session and `compression` wrap it too.)
 */
function wrapWriteHead(res: NodeResponse, pending: PendingHeaders): void {
  const writeHead = res.writeHead.bind(res) as WriteHead // overloads differ between http, http2 and Express; we pass on what came
  res.writeHead = (...args: readonly unknown[]) => {
    if (res.headersSent) return writeHead(...args)
    const headers = args.find((argument) => typeof argument === 'object' && argument !== null)
    if (headers) setHeaders(res, headers)
    flush(res, pending)
    return writeHead(...(headers ? args.slice(0, args.indexOf(headers)) : args))
  }
}

/** Says with `setHeader` what was passed to `writeHead`: an object, a flat list or a list of pairs. */
function setHeaders(res: NodeResponse, headers: object): void {
  for (const [name, value] of Array.isArray(headers) ? groupByName(headers) : Object.entries(headers)) {
    res.setHeader(name, value)
  }
}

function groupByName(list: readonly HeaderPart[]): ReadonlyMap<string, readonly string[]> {
  const flat = Array.isArray(list[0]) ? list.flat() : list
  const groups = new Map<string, readonly string[]>()
  for (let index = 0; index < flat.length; index += 2) {
    const name = String(flat[index]).toLowerCase()
    groups.set(name, [...(groups.get(name) ?? []), ...toList(flat[index + 1])])
  }
  return groups
}

/** Called again it changes nothing: tRPC makes headers twice if a result fails to serialise (trpc-facts 13). */
function flush(res: NodeResponse, { cookies, noStore }: PendingHeaders): void {
  if (cookies.size > 0) res.setHeader('Set-Cookie', mergeCookies(toList(res.getHeader('Set-Cookie')), cookies))
  if (!noStore && cookies.size === 0) return
  res.setHeader('Cache-Control', keepFromCaches(toList(res.getHeader('Cache-Control')).join(', ')))
  res.setHeader('Vary', varyByCookie(toList(res.getHeader('Vary')).join(', ')))
}

function toList(value: HeaderPart | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'object' ? value.map(String) : [String(value)]
}
