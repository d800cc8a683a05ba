import { Agent, request } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Auth, memoryAdapter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { COOKIE, makeAuth, ORIGIN } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'
import { createNative } from '../support/native.ts'
import { serve } from '../support/server.ts'

const USERS = 1_000
const REQUESTS = 10_000
const IN_FLIGHT = 50

interface Person {
  readonly id: string
  readonly cookie: string
  readonly accessToken: string
}

async function signInAll(auth: Auth): Promise<readonly Person[]> {
  const native = createNative(auth)
  const ids = Array.from({ length: USERS }, (_, index) => `user-${index}`)
  return Promise.all(
    ids.map(async (id) => {
      const browser = createBrowser(auth)
      await browser.signIn(`${id}@example.com`)
      const { accessToken } = await native.signIn(`${id}@example.com`)
      return { id, cookie: browser.cookies.get(COOKIE) ?? '', accessToken }
    }),
  )
}

/** A request of one person's: with a cookie, with a bearer, or with the bearer beside somebody else's cookie, who then doesn't count (T10). */
function headersOf(
  people: readonly Person[],
  turn: number,
): { readonly id: string; readonly headers: Record<string, string> } {
  // Some come again at once, so that they are remembered, others only when a small cache has forgotten them.
  const person = people[(turn % 4 === 0 ? turn % 40 : turn * 7_919) % people.length]
  const other = people[(turn * 31) % people.length]
  if (!person || !other) throw new Error('nobody is there')
  const bearer = { authorization: `Bearer ${person.accessToken}` }
  if (turn % 3 === 0) return { id: person.id, headers: bearer }
  if (turn % 3 === 1) return { id: person.id, headers: { cookie: `theme=dark; ${COOKIE}=${person.cookie}` } }
  return { id: person.id, headers: { ...bearer, cookie: `${COOKIE}=${other.cookie}` } }
}

type Ask = (headers: Record<string, string>) => Promise<unknown>

async function overHttp(auth: Auth): Promise<Ask> {
  const { port } = await serve(auth.handler)
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT })
  onTestFinished(() => agent.destroy())
  const read = (headers: Record<string, string>) =>
    new Promise<string>((resolve, reject) => {
      const req = request({ agent, host: '127.0.0.1', port, path: '/auth/session', headers }, (res) => {
        let body = ''
        res.setEncoding('utf8')
        res.on('data', (chunk: string) => (body += chunk))
        res.on('end', () => resolve(body))
      })
      req.on('error', reject).end()
    })
  return async (headers) => {
    const session = JSON.parse(await read(headers)) as { user?: { id?: unknown } } | null // what our own handler returns
    return session?.user?.id
  }
}

async function inProcess(auth: Auth): Promise<Ask> {
  return async (headers) => (await auth.getSession(new Request(ORIGIN, { headers })))?.user.id
}

const JWT = { session: { strategy: 'jwt' } } as const
const DATABASE = { session: { strategy: 'database' } } as const

describe('T10 C4 10,000 interleaved requests of 1,000 users never show another’s identity', () => {
  test.each<{ home: string; way: string; open: (auth: Auth) => Promise<Ask>; options: Partial<AnyOptions> }>([
    { home: 'jwt', way: 'in process', open: inProcess, options: JWT },
    {
      home: 'jwt, remembering few',
      way: 'over HTTP',
      open: overHttp,
      options: { ...JWT, tokenCache: { maxEntries: 100 } },
    },
    { home: 'jwt, remembering none', way: 'in process', open: inProcess, options: { ...JWT, tokenCache: false } },
    { home: 'database', way: 'over HTTP', open: overHttp, options: DATABASE },
  ])('$home, $way', { timeout: 300_000 }, async ({ open, options }) => {
    const auth = makeAuth({
      adapter: memoryAdapter(),
      tokens: { enabled: true },
      limits: { signIn: false },
      ...options,
    })
    const people = await signInAll(auth)
    const ask = await open(auth)
    const wrong: unknown[] = []
    let turn = 0
    const client = async () => {
      while (turn < REQUESTS) {
        const { id, headers } = headersOf(people, turn++)
        const who = await ask(headers)
        if (who !== id) wrong.push({ asked: id, answered: who })
      }
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, client))
    expect(turn).toBe(REQUESTS)
    expect(wrong).toEqual([])
  })
})
