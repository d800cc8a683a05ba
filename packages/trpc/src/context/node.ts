import type { ResponseSink, Writability } from '@latchkey/core'
import {
  addCookie,
  keepFromCaches,
  mergeCookies,
  type PendingHeaders,
  pendingHeaders,
  varyByCookie,
} from './headers.ts'
import type { NodeResponse } from './request.ts'

/** Writes into a Node response when its headers leave, so that nothing the app sets meanwhile takes ours away. */
export class NodeSink implements ResponseSink {
  readonly #res: NodeResponse
  readonly #isCommitted: () => boolean

  constructor(res: NodeResponse, isCommitted: () => boolean) {
    this.#res = res
    this.#isCommitted = isCommitted
  }

  writability(): Writability {
    return this.#res.headersSent || this.#isCommitted() ? 'committed' : 'writable'
  }

  setCookie(name: string, header: string, isCurrent?: () => boolean): void {
    addCookie(pendingHeaders(this.#res, wrapWriteHead), name, { header, isCurrent })
  }

  noStore(): void {
    if (!this.#res.headersSent) pendingHeaders(this.#res, wrapWriteHead).noStore = true
  }
}

type HeaderPart = string | number | readonly (string | number)[]
type WriteHead = (...args: readonly unknown[]) => unknown

/**
 * Every way out of a Node response goes through its `writeHead`: Node itself calls it for implicit headers, and Fastify passes it
 * headers of its own. (express-session and `compression` wrap it too.)
 */
function wrapWriteHead(res: NodeResponse, pending: PendingHeaders): void {
  const writeHead = res.writeHead as WriteHead // overloads differ between http, http2 and Express; we pass on what came
  res.writeHead = (...args: readonly unknown[]) => {
    if (res.headersSent) return Reflect.apply(writeHead, res, args)
    const others = takeHeaders(res, args)
    flush(res, pending)
    return Reflect.apply(writeHead, res, others)
  }
}

/** Says with `setHeader` what was passed to `writeHead`. @returns its other arguments */
function takeHeaders(res: NodeResponse, args: readonly unknown[]): readonly unknown[] {
  // Node's own call for implicit headers has a status and nothing else.
  if (args.length < 2) return args
  const at = args.findIndex((argument) => typeof argument === 'object' && argument !== null)
  if (at === -1) return args
  setHeaders(res, args[at] as object) // found as one
  return args.slice(0, at)
}

/** What `writeHead` takes: an object, a flat list or a list of pairs. */
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
  if (cookies) res.setHeader('set-cookie', mergeCookies(toList(res.getHeader('set-cookie')), cookies))
  if (!noStore && !cookies) return
  res.setHeader('cache-control', keepFromCaches(readText(res, 'cache-control')))
  res.setHeader('vary', varyByCookie(readText(res, 'vary')))
}

function readText(res: NodeResponse, name: string): string | undefined {
  const value = res.getHeader(name)
  return value === undefined || typeof value === 'string' ? value : toList(value).join(', ')
}

function toList(value: HeaderPart | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'object' ? value.map(String) : [String(value)]
}
