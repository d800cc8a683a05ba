import { encode as encodeAuthJs } from '@auth/core/jwt'
import { describe, expect, test } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { COOKIE, makeAuth, openClock, ORIGIN, SECRET } from '../support/auth.ts'
import { createBrowser, readJson } from '../support/browser.ts'
import { DOORS, type Door, forge, openHouse } from '../support/doors.ts'

interface Pair {
  readonly accessToken: string
  readonly refreshToken: string
}

/** One token of every kind, all of them good and all of them Ann's. */
async function issueAll() {
  const { auth, clock } = openHouse()
  const browser = createBrowser(auth)
  await browser.signIn()
  const cookie = browser.cookies.get(COOKIE) ?? ''
  const pair = await readJson<Pair>(await browser.signIn(undefined, undefined, { flow: 'token' }))
  const response = { writability: () => 'none' as const, setCookie: () => {}, noStore: () => {} }
  const source = {
    method: 'POST',
    header: (name: string) => (name === 'authorization' ? `Bearer ${pair.accessToken}` : null),
    response,
  }
  const { ticket } = await auth.createContext(source).ticket()
  const tokens: Record<Door['kind'], string> = {
    'session cookie': cookie,
    'access token': pair.accessToken,
    'refresh token': pair.refreshToken,
    ticket,
  }
  return { auth, clock, tokens }
}

/** What a door says to a good token of another kind: as a bearer token only ours are looked at, and ours say what they are. */
function refusalAt(door: Door, kind: string): string {
  return door.kind === 'access token' && (kind === 'session cookie' || kind === 'ticket') ? 'ignored' : 'InvalidToken'
}

describe('R7 J07 kinds of tokens', () => {
  const rows = DOORS.flatMap((door) => DOORS.map(({ kind }) => ({ door, kind, at: door.kind })))

  test.each(rows)('a $kind where a $at belongs: only the same kind is taken', async ({ door, kind }) => {
    const { auth, tokens } = await issueAll()
    expect(await door.knock(auth, tokens[kind])).toBe(door.kind === kind ? 'in as ann' : refusalAt(door, kind))
  })

  test.each(DOORS)('the header alone makes no $kind: every kind has a key of its own', async (door) => {
    const { auth, clock } = openHouse()
    for (const other of DOORS) {
      // The right typ and the right claims, under another kind's key.
      const token = forge({ ...door, salt: other.salt }, clock.seconds())
      expect(await door.knock(auth, token)).toBe(other === door ? 'in as ann' : 'InvalidToken')
    }
  })

  test.each(DOORS)('the key alone makes no $kind: the header must call it that', async (door) => {
    const { auth, clock } = openHouse()
    for (const other of DOORS) {
      const token = forge({ ...door, typ: other.typ }, clock.seconds())
      const answer = await door.knock(auth, token)
      if (other === door) expect(answer).toBe('in as ann')
      else expect(answer).toBe(refusalAt(door, other.kind))
    }
  })

  test.each(DOORS)('a session cookie that is named like the salt of the $kind is still none', async (door) => {
    const { auth, clock } = openHouse({ cookies: { session: { name: door.salt } } })
    const [cookieDoor] = DOORS
    const token = forge(door, clock.seconds())
    const request = new Request(`${ORIGIN}/auth/session`, { headers: { cookie: `${door.salt}=${token}` } })
    const session = await readJson<{ user: { id: string } } | null>(await auth.handler(request))
    expect(session?.user.id).toBe(door === cookieDoor ? 'ann' : undefined)
  })
})

describe('J07 tokens of others', () => {
  const [cookieDoor, accessDoor, refreshDoor, ticketDoor] = DOORS
  if (!cookieDoor || !accessDoor || !refreshDoor || !ticketDoor) throw new Error('there are four doors')

  const rows = [
    { token: 'our own', secret: SECRET, salt: COOKIE, answer: 'in as ann' },
    {
      token: 'one of the same app under another cookie name',
      secret: SECRET,
      salt: 'admin.session',
      answer: 'InvalidToken',
    },
    {
      token: 'one of the same app over https',
      secret: SECRET,
      salt: '__Host-latchkey.session',
      answer: 'InvalidToken',
    },
    { token: 'one of another app', secret: 'another app keeps a secret as well', salt: COOKIE, answer: 'InvalidToken' },
  ]

  test.each(rows)('a session cookie: $token', async ({ secret, salt, answer }) => {
    const { auth, clock } = openHouse()
    expect(await cookieDoor.knock(auth, forge({ ...cookieDoor, salt }, clock.seconds(), { secret }))).toBe(answer)
  })

  test.each([accessDoor, refreshDoor, ticketDoor])('a $kind of another app with the same secret', async (door) => {
    const { auth, clock } = openHouse()
    const payload = door.claims(clock.seconds())
    expect(await door.knock(auth, forge(door, clock.seconds(), { payload }))).toBe('in as ann')
    const theirs = { ...payload, iss: 'https://other.test', aud: 'https://other.test' }
    expect(await door.knock(auth, forge(door, clock.seconds(), { payload: theirs }))).toBe('InvalidToken')
  })

  describe("Auth.js's cookies, made with the same secret while its session cookie's name is ours", () => {
    const NAME = 'authjs.session-token'
    const salts = [
      NAME,
      'authjs.state',
      'authjs.pkce.code_verifier',
      'authjs.nonce',
      'authjs.challenge',
      'authjs.callback-url',
      'authjs.csrf-token',
      'encodedState',
      '__Secure-authjs.session-token',
      '__Secure-authjs.state',
      `${NAME}.0`,
      '',
    ]

    test.each(salts)('salt "%s"', async (salt) => {
      const auth = makeAuth({ cookies: { session: { name: NAME } } })
      const token = await encodeAuthJs({ token: { sub: 'ann', value: 'x' }, secret: SECRET, salt })
      const request = new Request(`${ORIGIN}/auth/session`, { headers: { cookie: `${NAME}=${token}` } })
      const response = await auth.handler(request)
      expect(response.status).toBe(200)
      const session = await readJson<{ user: { id: string } } | null>(response)
      expect(session?.user.id).toBe(salt === NAME ? 'ann' : undefined)
    })
  })
})

describe('J07 the two strategies', () => {
  const open = (strategy: 'jwt' | 'database') => {
    const clock = openClock()
    return makeAuth({ adapter: memoryAdapter(), session: { strategy }, tokens: { enabled: true }, clock: clock.read })
  }
  const cookieOf = async (strategy: 'jwt' | 'database') => {
    const auth = open(strategy)
    const browser = createBrowser(auth)
    await browser.signIn()
    return { auth, browser, value: browser.cookies.get(COOKIE) ?? '' }
  }

  test.each([
    { made: 'jwt' as const, shown: 'jwt' as const },
    { made: 'database' as const, shown: 'database' as const },
    { made: 'jwt' as const, shown: 'database' as const },
    { made: 'database' as const, shown: 'jwt' as const },
  ])('a cookie of the $made strategy under the $shown strategy', async ({ made, shown }) => {
    const source = await cookieOf(made)
    const target = made === shown ? source : await cookieOf(shown)
    target.browser.cookies.set(COOKIE, source.value)
    expect((await target.browser.session())?.user.id).toBe(made === shown ? 'ann' : undefined)
  })

  test('under the database strategy nothing else is taken for its opaque token', async () => {
    const { auth, browser, value } = await cookieOf('database')
    const pair = await readJson<Pair & { sessionId: string }>(
      await browser.signIn('bob@example.com', undefined, { flow: 'token' }),
    )
    const hashed = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(value))).toString('base64url')
    const shown = {
      'its own': value,
      'an access token': pair.accessToken,
      'a refresh token': pair.refreshToken,
      'the public id of a session': pair.sessionId,
      'the row key of a bearer session': `jwt:${pair.sessionId}`,
      'the hash in the store': hashed,
      'a token of the right length': Buffer.alloc(38, 1).toString('base64url'),
      padded: `${value}=`,
      'with a bit more': `${value}A`,
      'with a bit less': value.slice(0, -1),
      'without its end': value.slice(0, -4),
      nothing: '',
    }
    const answers = await Promise.all(
      Object.entries(shown).map(async ([name, cookie]) => {
        const request = new Request(`${ORIGIN}/auth/session`, { headers: { cookie: `${COOKIE}=${cookie}` } })
        return [name, await readJson<{ user: { id: string } } | null>(await auth.handler(request))] as const
      }),
    )
    expect(answers.filter(([, session]) => session !== null).map(([name]) => name)).toEqual(['its own'])
  })
})
