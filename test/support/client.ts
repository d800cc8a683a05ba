/** What a client keeps after a sign-in: a cookie, or tokens. */
export type Flow = 'cookie' | 'token'

/** What came of a call: what it returned, or the kind of its error. */
export interface Answer<T = Record<string, unknown>> {
  readonly status: number
  readonly data: T
  readonly kind: string | null
  /** All of `error.data`, or null. */
  readonly error: Readonly<Record<string, unknown>> | null
  readonly headers: Headers
  /** The body as it came. */
  readonly text: string
}

/** A browser, or a client that keeps tokens: both call the app's tRPC procedures in the same way. */
export interface Client {
  readonly flow: Flow
  /** The cookies by name. A test may plant or steal them. */
  readonly cookies: Map<string, string>
  /** The tokens of the last sign-in; null: none. */
  tokens: { readonly accessToken: string; readonly refreshToken: string } | null
  /** `auth.password.signUp` of tRPC, say. A mutation of the `auth` router carries `flow`, as `authLink` sends it. */
  readonly mutate: <T = Record<string, unknown>>(path: string, input?: object) => Promise<Answer<T>>
  readonly query: <T = Record<string, unknown>>(path: string, input?: object) => Promise<Answer<T>>
  /** A plain request under the app's origin, or to another site with an absolute URL; follows no redirect. */
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>
  /** The id of whoever is signed in, or null. */
  readonly whoAmI: () => Promise<string | null>
}

interface ClientOptions {
  readonly origin: string
  readonly flow: Flow
  readonly address: string
}

export function createClient({ origin, flow, address }: ClientOptions): Client {
  const cookies = new Map<string, string>()

  const send = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const target = new URL(url, origin)
    const headers = new Headers(init.headers)
    headers.set('x-forwarded-for', address)
    const isOurs = target.origin === origin
    if (isOurs && flow === 'cookie' && cookies.size > 0 && !headers.has('cookie'))
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    if (isOurs && client.tokens && !headers.has('authorization'))
      headers.set('authorization', `Bearer ${client.tokens.accessToken}`)
    const response = await fetch(target, { redirect: 'manual', ...init, headers })
    if (isOurs && flow === 'cookie') for (const header of response.headers.getSetCookie()) keep(cookies, header)
    return response
  }
  const call = async <T>(path: string, init: RequestInit): Promise<Answer<T>> => {
    const headers = { 'content-type': 'application/json', origin }
    const answer = await read<T>(await send(`/trpc/${path}`, { headers, ...init }))
    keepTokens(client, answer.data)
    return answer
  }
  const client: Client = {
    flow,
    cookies,
    tokens: null,
    mutate: (path, input = {}) => {
      const own = flow === 'token' && path.startsWith('auth.') ? { flow } : {}
      return call(path, { method: 'POST', body: JSON.stringify({ ...own, ...input }) })
    },
    query: (path, input) =>
      call(input ? `${path}?input=${encodeURIComponent(JSON.stringify(input))}` : path, { method: 'GET' }),
    fetch: send,
    whoAmI: async () => (await call<{ user: { id: string } } | null>('auth.session', {})).data?.user.id ?? null,
  }
  return client
}

function keep(cookies: Map<string, string>, header: string): void {
  const [pair = '', ...attributes] = header.split('; ')
  const name = pair.slice(0, pair.indexOf('='))
  if (attributes.some((attribute) => attribute.toLowerCase() === 'max-age=0')) cookies.delete(name)
  else cookies.set(name, pair.slice(name.length + 1))
}

/** A sign-in or a refresh in the token flow replaces the tokens. */
function keepTokens(client: Client, data: unknown): void {
  if (typeof data !== 'object' || data === null || !('accessToken' in data) || !('refreshToken' in data)) return
  client.tokens = { accessToken: String(data.accessToken), refreshToken: String(data.refreshToken) }
}

async function read<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text()
  const { result, error } = JSON.parse(text) as {
    result?: { data?: T }
    error?: { data: Readonly<Record<string, unknown>> }
  } // what tRPC answers
  return {
    status: response.status,
    data: (result?.data ?? null) as T, // a test that reads it expects no error
    kind: typeof error?.data.kind === 'string' ? error.data.kind : null,
    error: error?.data ?? null,
    headers: response.headers,
    text,
  }
}
