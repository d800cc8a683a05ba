import { AuthError, type Adapter, type Auth } from '../../src/index.ts'
import type { RequestSource } from '../../src/contract/request-source.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { COOKIE, makeAuth, openClock, ORIGIN, SECRET } from './auth.ts'
import { readJson, readKind } from './browser.ts'
import { deriveKey, kidOf, seal, type SealOptions } from './forge.ts'

/**
 * What came of presenting a token: `in as ann`, the kind of the refusal, or `ignored` if it was taken for none of ours.
 * A look-up that sets or clears a cookie says so.
 */
export type Answer = string

/** A place where a token of one kind is taken. */
export interface Door {
  readonly kind: 'session cookie' | 'access token' | 'refresh token' | 'ticket'
  /** What the key of its tokens is derived with. */
  readonly salt: string
  /** What their headers call them. */
  readonly typ: string | undefined
  /** The claims of a good one that is issued now. */
  readonly claims: (seconds: number) => Record<string, unknown>
  readonly knock: (auth: Auth, token: string) => Promise<Answer>
}

const DAY = 86_400

function commonClaims(now: number): Record<string, unknown> {
  const sessionId = '7f0a4f0e-2d4c-4c57-9d6b-0d8f7a1b2c3d'
  return { sub: 'ann', name: 'Ann', iat: now, exp: now + 900, jti: 'j-1', sessionId, authTime: now }
}

export const DOORS: readonly Door[] = [
  {
    kind: 'session cookie',
    salt: COOKIE,
    typ: undefined,
    claims: (now) => ({ ...commonClaims(now), exp: now + 30 * DAY }),
    knock: knockWithCookie,
  },
  {
    kind: 'access token',
    salt: 'latchkey.access',
    typ: 'latchkey.access',
    claims: (now) => ({ ...commonClaims(now), iss: ORIGIN, aud: ORIGIN }),
    knock: knockWithBearer,
  },
  {
    kind: 'refresh token',
    salt: 'latchkey.refresh',
    typ: 'latchkey.refresh',
    claims: (now) => ({ ...commonClaims(now), iss: ORIGIN, aud: ORIGIN, generation: 0 }),
    knock: knockWithRefresh,
  },
  {
    kind: 'ticket',
    salt: 'latchkey.ticket',
    typ: 'latchkey.ticket',
    claims: (now) => {
      const ticket = { ticketId: 't-1', ticketEnds: now + 30, ticketStart: now, isAccess: false }
      return { ...commonClaims(now), iss: ORIGIN, aud: ORIGIN, ...ticket }
    },
    knock: knockWithTicket,
  },
]

/** An engine with all four doors, where every ticket counts as unused: what refuses one is the ticket itself. */
export function openHouse(overrides: Partial<AnyOptions> = {}) {
  const clock = openClock()
  const adapter: Adapter = {
    createVerificationToken: (token) => token,
    useVerificationToken: (token) => ({ ...token, expires: new Date('2999-01-01') }),
  }
  const auth = makeAuth({
    adapter,
    session: { strategy: 'jwt' },
    tokens: { enabled: true },
    clock: clock.read,
    ...overrides,
  })
  return { auth, clock }
}

/** Makes a token for a door, good in everything that isn't said otherwise. */
export function forge(
  door: Door,
  now: number,
  options: Partial<SealOptions> & { readonly secret?: string } = {},
): string {
  const enc = options.enc ?? 'A256GCM'
  const key = options.key ?? deriveKey(options.secret ?? SECRET, door.salt, enc)
  return seal({ key, payload: door.claims(now), header: headerFor(door, key, enc), ...options })
}

/** The header of a good token, with members changed or added. */
export function headerFor({ typ }: Door, key: Buffer, enc: string = 'A256GCM', more: object = {}): object {
  return { alg: 'dir', enc, kid: kidOf(key), ...(typ !== undefined && { typ }), ...more }
}

async function knockWithCookie(auth: Auth, token: string): Promise<Answer> {
  const headers = { cookie: `theme=dark; ${COOKIE}=${token}` }
  const response = await auth.handler(new Request(`${ORIGIN}/auth/session`, { headers }))
  if (response.status !== 200) return `status ${response.status}`
  const session = await readJson<{ user: { id: string } } | null>(response)
  if (session) return `in as ${session.user.id}`
  const set = response.headers.getSetCookie()
  if (set.length > 0) return `set: ${JSON.stringify(set)}`
  return refusalOf(auth, { header: (name) => (name === 'cookie' ? headers.cookie : null) })
}

async function knockWithBearer(auth: Auth, token: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}` }
  const response = await auth.handler(new Request(`${ORIGIN}/auth/session`, { headers }))
  if (response.headers.getSetCookie().length > 0) return 'set a cookie'
  if (response.status === 401) return (await readKind(response)) ?? 'no kind'
  if (response.status !== 200) return `status ${response.status}`
  const session = await readJson<{ user: { id: string } } | null>(response)
  return session ? `in as ${session.user.id}` : 'ignored'
}

async function knockWithRefresh(auth: Auth, token: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ refreshToken: token })
  const response = await auth.handler(new Request(`${ORIGIN}/auth/token`, { method: 'POST', headers, body }))
  if (response.headers.getSetCookie().length > 0) return 'set a cookie'
  const answer = await readJson<{ user?: { id: string }; error?: { kind: string } }>(response)
  return answer.user ? `in as ${answer.user.id}` : (answer.error?.kind ?? 'no kind')
}

function knockWithTicket(auth: Auth, ticket: string): Promise<Answer> {
  return refusalOf(auth, { ticket })
}

async function refusalOf(auth: Auth, source: Partial<RequestSource>): Promise<Answer> {
  const response = { writability: () => 'none' as const, setCookie: () => {}, noStore: () => {} }
  try {
    const session = await auth
      .createContext({ method: 'GET', header: () => null, response, ...source })
      .requireSession()
    return `in as ${session.user.id}`
  } catch (error) {
    return error instanceof AuthError ? error.kind : `threw ${String(error)}`
  }
}
