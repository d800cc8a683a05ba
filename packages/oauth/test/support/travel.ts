import type { Client } from '../../../../test/support/client.ts'

/** Where a journey ended. */
export interface Arrival {
  /** The last redirect that wasn't followed, or the last address. */
  readonly url: URL
  readonly status: number
  readonly body: string
}

/** A browser on its way through other sites: it follows redirects, and keeps their cookies as well as the app's. */
export interface Traveller {
  /** Opens an address, and follows redirects until `until` says so, or a page is shown. */
  readonly go: (url: string, until?: (url: URL) => boolean) => Promise<Arrival>
}

/** @param client the app's side of the browser */
export function createTraveller(client: Client, origin: string): Traveller {
  const jars = new Map<string, Map<string, string>>()
  const request = async (url: URL, init: RequestInit): Promise<Response> => {
    if (url.origin === origin) return client.fetch(url.href, init)
    const jar = jars.get(url.origin) ?? new Map<string, string>()
    jars.set(url.origin, jar)
    const headers = new Headers(init.headers)
    headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const header of response.headers.getSetCookie()) {
      const pair = header.split(';')[0] ?? ''
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return response
  }
  return {
    go: async (start, until = (url) => isEnd(url, origin)) => {
      let url = new URL(start)
      for (let step = 0; step < 20; step++) {
        if (step > 0 && until(url)) return { url, status: 303, body: '' }
        const response = await request(url, {})
        const location = response.headers.get('location')
        const body = await response.text()
        const form = readForm(body)
        if (form) {
          const posted = await request(new URL(form.action), { method: 'POST', body: form.fields })
          const next = posted.headers.get('location')
          if (next === null) return { url: new URL(form.action), status: posted.status, body: await posted.text() }
          url = new URL(next, form.action)
        } else {
          if (location === null) return { url, status: response.status, body }
          url = new URL(location, url)
        }
      }
      throw new Error(`it goes round in circles: ${url.href}`)
    },
  }
}

/** A page of the app's, or an address that no browser opens: there a journey ends. */
function isEnd(url: URL, origin: string): boolean {
  return (url.origin === origin && !url.pathname.startsWith('/auth/')) || !url.protocol.startsWith('http')
}

/** The form of `response_mode=form_post`, which a browser submits by itself. */
function readForm(html: string): { readonly action: string; readonly fields: URLSearchParams } | null {
  const action = /<form[^>]* action="([^"]+)"/.exec(html)?.[1]
  if (action === undefined || !html.includes('submit()')) return null
  const fields = new URLSearchParams()
  for (const [, name = '', value = ''] of html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g))
    fields.append(name, value.replaceAll('&amp;', '&'))
  return { action, fields }
}
