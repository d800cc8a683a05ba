import type { Auth } from '../../src/index.ts'
import { ORIGIN, PASSWORD } from './auth.ts'

export interface BrowserOptions {
  /** Where the pages are that make the requests, and where the app is. */
  readonly origin?: string
  /** The address that the server sees. */
  readonly address?: string
}

/** What a browser does of interest here: keeps cookies by name and path, and says where a request comes from. */
export interface Browser {
  /** The values by name; a test may plant or steal them. */
  readonly cookies: Map<string, string>
  /** Every `Set-Cookie` so far. */
  readonly setCookies: string[]
  /** The cookies by which a device is known again, kept apart: they outlive sessions, and have tests of their own. */
  readonly device: Map<string, string>
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>
  /** Sends JSON, as our own pages would. A header given as '' isn't sent. */
  readonly post: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>
  readonly signIn: (email?: string, password?: string, more?: object) => Promise<Response>
  readonly signOut: (body?: object) => Promise<Response>
  /** The session as a client gets it, or null. */
  readonly session: () => Promise<ClientSession | null>
}

export interface ClientSession {
  readonly user: { readonly id: string }
  readonly roles: readonly string[]
  readonly claims: Readonly<Record<string, unknown>>
  readonly expires: string
}

/** The end of its name, after a prefix. */
const DEVICE = 'latchkey.device'

export function createBrowser(auth: Pick<Auth, 'handler'>, { origin = ORIGIN, address }: BrowserOptions = {}): Browser {
  const cookies = new Map<string, string>()
  const paths = new Map<string, string>()
  const setCookies: string[] = []
  const device = new Map<string, string>()

  const send = async (path: string, init: { method: string; body?: string; headers: Record<string, string> }) => {
    const headers = new Headers(Object.entries(init.headers).filter(([, value]) => value !== ''))
    const sent = [...cookies, ...device].filter(([name]) => path.startsWith(paths.get(name) ?? '/'))
    if (sent.length > 0 && !headers.has('cookie'))
      headers.set('cookie', sent.map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await auth.handler(new Request(origin + path, { ...init, headers }), { address })
    for (const header of response.headers.getSetCookie()) keep(header)
    return response
  }
  const keep = (header: string) => {
    const { name, value, attributes } = parseSetCookie(header)
    if (name.endsWith(DEVICE)) return void device.set(name, value)
    setCookies.push(header)
    if (attributes.get('max-age') === '0') cookies.delete(name)
    else cookies.set(name, value)
    paths.set(name, attributes.get('path') ?? '/')
  }
  const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    send(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', origin, 'sec-fetch-site': 'same-origin', ...headers },
    })
  return {
    cookies,
    setCookies,
    device,
    get: (path, headers = {}) => send(path, { method: 'GET', headers }),
    post,
    signIn: (email = 'ann@example.com', password = PASSWORD, more = {}) =>
      post('/auth/signin/credentials', { email, password, ...more }),
    signOut: (body = {}) => post('/auth/signout', body),
    session: async () => readJson<ClientSession | null>(await send('/auth/session', { method: 'GET', headers: {} })),
  }
}

export interface ParsedCookie {
  readonly name: string
  readonly value: string
  /** By lower-case name; '' if there is no value. */
  readonly attributes: ReadonlyMap<string, string>
}

export function parseSetCookie(header: string): ParsedCookie {
  const [pair = '', ...rest] = header.split('; ')
  const equals = pair.indexOf('=')
  const attributes = rest.map((attribute) => {
    const [name = '', value = ''] = attribute.split('=')
    return [name.toLowerCase(), value] as const
  })
  return { name: pair.slice(0, equals), value: pair.slice(equals + 1), attributes: new Map(attributes) }
}

/** A response's body as the test knows it to be. */
export async function readJson<T>(response: Response): Promise<T> {
  return (await response.json()) as T
}

/** The kind of an error's answer, or undefined if it isn't one. */
export async function readKind(response: Response): Promise<string | undefined> {
  const body = await readJson<{ readonly error?: { readonly kind?: string } } | null>(response.clone())
  return body?.error?.kind
}
