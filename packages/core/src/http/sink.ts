import type { ResponseSink } from '../context.ts'

/** A sink that keeps what a response will say until it is made. */
export interface FetchSink extends ResponseSink {
  readonly applyTo: (headers: Headers) => void
}

export function createFetchSink(): FetchSink {
  const cookies = new Map<string, string>()
  let dependsOnSession = false
  return {
    writability: () => 'writable',
    setCookie: (name, header) => void cookies.set(name, header),
    noStore: () => {
      dependsOnSession = true
    },
    applyTo: (headers) => {
      for (const header of cookies.values()) headers.append('set-cookie', header)
      if (!dependsOnSession) return
      headers.set('cache-control', 'private, no-store')
      headers.append('vary', 'Cookie')
    },
  }
}

/** For code that only wants to know: nothing can be set. */
export const READ_ONLY_SINK: ResponseSink = { writability: () => 'none', setCookie: () => {}, noStore: () => {} }
