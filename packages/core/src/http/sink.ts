import type { ResponseSink } from '../contract/request-source.ts'

/** A sink that collects headers until the response is made. */
export interface FetchSink extends ResponseSink {
  readonly applyTo: (headers: Headers) => void
}

export function createFetchSink(): FetchSink {
  const cookies = new Map<string, { readonly header: string; readonly isCurrent: () => boolean }>()
  let isPrivate = false
  return {
    writability: () => 'writable',
    setCookie: (name, header, isCurrent = ALWAYS) => {
      cookies.set(name, { header, isCurrent })
      isPrivate = true
    },
    noStore: () => {
      isPrivate = true
    },
    applyTo: (headers) => {
      for (const { header, isCurrent } of cookies.values()) if (isCurrent()) headers.append('set-cookie', header)
      if (!isPrivate) return
      headers.set('cache-control', 'private, no-store')
      headers.append('vary', 'Cookie')
    },
  }
}

const ALWAYS = () => true

/** For code that only reads: nothing can be set. */
export const READ_ONLY_SINK: ResponseSink = { writability: () => 'none', setCookie: () => {}, noStore: () => {} }
