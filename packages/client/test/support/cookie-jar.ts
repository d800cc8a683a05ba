import type { getFetch } from '@trpc/client'

/** A fetch that keeps cookies as one browser would for one origin: by name and path, HttpOnly or not. */
export function openCookieJar(origin: string) {
  const cookies = new Map<string, { readonly value: string; readonly path: string; readonly attributes: string }>()
  const jarFetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { pathname } = new URL(url as string, origin)
    const sent = [...cookies]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
    const headers = new Headers(init.headers)
    headers.set('origin', origin)
    if (sent.length > 0) headers.set('cookie', sent.join('; '))
    const response = await fetch(url, { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ')
      const [name = '', value = ''] = pair.split('=')
      const path = attributes.find((attribute) => attribute.startsWith('Path='))?.slice(5) ?? '/'
      if (attributes.includes('Max-Age=0')) cookies.delete(name)
      else cookies.set(name, { value, path, attributes: attributes.join('; ') })
    }
    return response
  }
  return { cookies, fetch: jarFetch as ReturnType<typeof getFetch> }
}
