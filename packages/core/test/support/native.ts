import type { Auth } from '../../src/index.ts'
import { ORIGIN, PASSWORD } from './auth.ts'
import { readJson, readKind } from './browser.ts'

/** A token response as it travels. */
export interface Tokens {
  readonly tokenType: string
  readonly sessionId: string
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresAt: number
  readonly expiresIn: number
  readonly user: { readonly id: string } | null
  readonly session: { readonly claims: Readonly<Record<string, unknown>>; readonly roles: readonly string[] } | null
}

/** A client without cookies and without a page: it sends what it is told to and nothing else. */
export function createNative(auth: Pick<Auth, 'handler'>) {
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    auth.handler(
      new Request(`${ORIGIN}/auth${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    )
  const get = (path: string, headers: Record<string, string>) =>
    auth.handler(new Request(`${ORIGIN}/auth${path}`, { headers }))
  const bearer = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` })
  return {
    post,
    get,
    bearer,
    signIn: async (email = 'ann@example.com', more: object = {}) =>
      readJson<Tokens>(await post('/signin/credentials', { email, password: PASSWORD, flow: 'token', ...more })),
    /** The new pair, or the kind of the refusal. */
    refresh: async (refreshToken: string): Promise<Tokens | string> => {
      const response = await post('/token', { refreshToken })
      return response.ok ? readJson<Tokens>(response) : ((await readKind(response)) ?? `status ${response.status}`)
    },
    /** Who the server takes the bearer for: a user's id, null, or the kind of the refusal. */
    whoAmI: async (accessToken: string): Promise<string | null> => {
      const response = await get('/session', bearer(accessToken))
      if (!response.ok) return (await readKind(response)) ?? `status ${response.status}`
      return (await readJson<{ user: { id: string } } | null>(response))?.user.id ?? null
    },
  }
}

/** The pair that a refresh must have answered. */
export function expectTokens(answer: Tokens | string): Tokens {
  if (typeof answer === 'string') throw new Error(`expected tokens, got ${answer}`)
  return answer
}
