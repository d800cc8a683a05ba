import { request } from 'node:http'
import { deserialize, serialize } from 'superjson'

/** What came back of one call, read as superjson. */
export interface Answer {
  readonly status: number
  readonly kind: string | null
  readonly data: unknown
  readonly cookies: readonly string[]
}

export interface CallOptions {
  readonly cookie?: string
  readonly input?: unknown
}

/** Calls a query without a browser. */
export async function query(url: string, path: string, { cookie = '' }: CallOptions = {}): Promise<Answer> {
  return read(await fetch(`${url}/trpc/${path}`, { headers: { cookie } }))
}

/** Calls a mutation without a browser, from the demo's own origin. */
export async function mutate(url: string, path: string, { cookie = '', input }: CallOptions): Promise<Answer> {
  const headers = { cookie, origin: url, 'content-type': 'application/json' }
  const body = JSON.stringify(serialize(input))
  return read(await fetch(`${url}/trpc/${path}`, { method: 'POST', headers, body }))
}

/** Signs in and returns the cookie to send along. */
export async function signIn(
  url: string,
  account: { readonly email: string; readonly password: string },
): Promise<string> {
  const { status, cookies } = await mutate(url, 'auth.signIn', { input: { provider: 'password', ...account } })
  if (status !== 200) throw new Error(`signing in answered ${status}`)
  return cookies.map((cookie) => cookie.split(';', 1)[0]).join('; ')
}

async function read(response: Response): Promise<Answer> {
  const body = (await response.json()) as Body // the demo's tRPC answers nothing else
  const error = body.error && deserialize<{ data: { kind: string | null } }>(body.error)
  return {
    status: response.status,
    kind: error?.data.kind ?? null,
    data: body.result && deserialize(body.result.data),
    cookies: response.headers.getSetCookie(),
  }
}

type Serialized = Parameters<typeof deserialize>[0]
interface Body {
  readonly result?: { readonly data: Serialized }
  readonly error?: Serialized
}

/** Asks for a path letter by letter: `fetch` would tidy it up first. */
export function getRaw(url: string, path: string): Promise<{ readonly status: number; readonly body: string }> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (response) => {
      const chunks: string[] = []
      response.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: chunks.join('') }))
    })
      .on('error', reject)
      .end()
  })
}
