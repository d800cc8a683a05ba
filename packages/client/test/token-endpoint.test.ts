import { describe, expect, test } from 'vitest'
import type { Tokens } from '../src/index.ts'
import { type App, openApp } from './support/app.ts'
import { openClient } from './support/clients.ts'
import { signIn } from './support/session.ts'

type Answer = readonly [status: number, kind: string | undefined]

/** The two ways to the same engine function, as anybody on the network can use them. */
const WAYS = {
  'auth.token': async ({ url }: App, body: BodyInit | undefined, type = 'application/json'): Promise<Answer> => {
    const response = await fetch(`${url}/auth.token`, post(body, type))
    const answer = (await response.json()) as { error?: { json: { data: { kind?: string; code: string } } } }
    return [response.status, answer.error?.json.data.kind ?? answer.error?.json.data.code]
  },
  'POST /auth/token': async (
    { origin }: App,
    body: BodyInit | undefined,
    type = 'application/json',
  ): Promise<Answer> => {
    const response = await fetch(`${origin}/auth/token`, post(body, type))
    const answer = (await response.json()) as { error?: { kind: string } }
    return [response.status, answer.error?.kind]
  },
}
type Way = keyof typeof WAYS

function post(body: BodyInit | undefined, type: string): RequestInit {
  return { method: 'POST', headers: { 'content-type': type }, ...(body !== undefined && { body }) }
}

/** A body with this refresh token, as this way wants it. */
function withToken(way: Way, refreshToken: unknown): string {
  return JSON.stringify(way === 'auth.token' ? { json: { refreshToken } } : { refreshToken })
}

async function openSession(app: App, name = 'ann'): Promise<Tokens & { readonly refreshToken: string }> {
  const { trpc, auth } = openClient(app, 'httpLink')
  await signIn(trpc, name)
  return (await auth.tokens()) as Tokens & { readonly refreshToken: string } // a store in memory keeps both
}

describe.each(Object.keys(WAYS) as Way[])('R6 %s', (way) => {
  const ask = WAYS[way]

  test('first, an accepted one', async () => {
    const app = await openApp()
    const { refreshToken } = await openSession(app)
    expect(await ask(app, withToken(way, refreshToken))).toEqual([200, undefined])
  })

  test('an expired, malformed, truncated, tampered or foreign refresh token, and any other kind of token, is UNAUTHORIZED with a kind', async () => {
    const app = await openApp({ refreshTokenMaxAge: '1h' })
    const mine = await openSession(app)
    const elsewhere = await openSession(await openApp({ secret: 'another-secret-that-is-long-enough-0' }))
    const [header = '', key = '', iv = '', text = '', tag = ''] = mine.refreshToken.split('.')
    const { ticket } = await app.auth.createContext(app.asBearer(mine.accessToken)).ticket()
    const refused: Readonly<Record<string, string>> = {
      malformed: 'rubbish',
      'five empty parts': '....',
      truncated: mine.refreshToken.slice(0, -10),
      'without its tag': `${header}.${key}.${iv}.${text}.`,
      'with another tag': `${header}.${key}.${iv}.${text}.${tag.split('').toReversed().join('')}`,
      'with another header': `${btoa('{"alg":"none"}')}.${key}.${iv}.${text}.${tag}`,
      'with a changed letter': `${header}.${key}.${iv}.${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}.${tag}`,
      'in quotes': `"${mine.refreshToken}"`,
      'with a line end': `${mine.refreshToken}\n`,
      'of another server': elsewhere.refreshToken,
      'an access token': mine.accessToken,
      'a ticket': ticket,
    }
    for (const [what, refreshToken] of Object.entries(refused))
      expect(await ask(app, withToken(way, refreshToken)), what).toEqual([401, 'InvalidToken'])

    expect(await ask(app, withToken(way, mine.refreshToken))).toEqual([200, undefined])
    const expiring = await openSession(app)
    app.clock.ahead = 2 * 3_600_000
    expect(await ask(app, withToken(way, expiring.refreshToken))).toEqual([401, 'SessionExpired'])
  })

  test('bad input (nothing, another type, 1 MB, binary) consumes nothing and signs nobody out', async () => {
    const app = await openApp()
    const mine = await openSession(app)
    const megabyte = 'x'.repeat(1_048_576)
    const binary = new Uint8Array(1_024).map((_, index) => index % 256)
    const rows: readonly (readonly [string, BodyInit | undefined, string?])[] = [
      ['nothing', undefined],
      ['an empty object', way === 'auth.token' ? '{"json":{}}' : '{}'],
      ['null', withToken(way, null)],
      ['a number', withToken(way, 7)],
      ['a list', withToken(way, [mine.refreshToken])],
      ['an object', withToken(way, { refreshToken: mine.refreshToken })],
      ['an empty text', withToken(way, '')],
      ['broken JSON', '{"json":{"refreshToken":'],
      ['1 MB', withToken(way, megabyte)],
      ['1 MB of nothing', megabyte],
      ['binary', binary],
      ['binary by its type', binary, 'application/octet-stream'],
      [
        'a form',
        new URLSearchParams({ refreshToken: mine.refreshToken }).toString(),
        'application/x-www-form-urlencoded',
      ],
    ]
    for (const [what, body, type] of rows) {
      const [status, kind] = await ask(app, body, type)
      const answer = [status, kind]
      // tRPC itself takes no form for a procedure without one.
      if (what === 'a form' && way === 'auth.token') expect(answer).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
      else expect([[400, 'InvalidInput'], [401, 'InvalidToken']], what).toContainEqual(answer) // prettier-ignore
    }
    // Not rotated once: it is still the newest, and the access token of its session still counts.
    expect(await ask(app, withToken(way, mine.refreshToken))).toEqual([200, undefined])
    const { sub } = (await app.auth.createContext(app.asBearer(mine.accessToken)).token()) ?? {}
    expect(sub).toBe('ann')
  })

  test('another family’s refresh token refreshes that family, and does nothing to this one', async () => {
    const app = await openApp()
    const [ann, ben] = [await openSession(app, 'ann'), await openSession(app, 'ben')]
    expect(await ask(app, withToken(way, ben.refreshToken))).toEqual([200, undefined])
    expect(await ask(app, withToken(way, ann.refreshToken))).toEqual([200, undefined])
  })
})
