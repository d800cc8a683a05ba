import { describe, expect, test } from 'vitest'
import { COOKIE, ORIGIN } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'
import { DOORS, forge, openHouse } from '../support/doors.ts'

const READING = DOORS.filter(({ kind }) => kind === 'session cookie' || kind === 'access token')

/** The token with another character at a place in one of its parts (0 the header, 2 the nonce, 3 the ciphertext, 4 the tag). */
function change(token: string, part: number, at: number): string {
  const parts = token.split('.')
  const text = parts[part] ?? ''
  const index = at < 0 ? text.length + at : at
  const other = text[index] === 'A' ? 'B' : 'A'
  return parts.with(part, text.slice(0, index) + other + text.slice(index + 1)).join('.')
}

describe.each(READING)('J01 a $kind that was opened before', (door) => {
  test('is remembered by all of it: one that differs anywhere is refused, and the good one stays good', async () => {
    const { auth, clock } = openHouse()
    const good = forge(door, clock.seconds())
    expect(await door.knock(auth, good)).toBe('in as ann')
    for (const part of [2, 3, 4]) {
      // The last 32 characters of some are the good one's own.
      for (const at of [0, 1, 5, -7]) {
        expect(await door.knock(auth, change(good, part, at))).toBe('InvalidToken')
        expect(await door.knock(auth, good)).toBe('in as ann')
      }
    }
  })

  test('never stands for another that ends alike', async () => {
    const { auth, clock } = openHouse()
    const now = clock.seconds()
    const good = forge(door, now)
    expect(await door.knock(auth, good)).toBe('in as ann')
    const other = forge(door, now, { payload: { ...door.claims(now), sub: 'bob' } })
    const spliced = other.slice(0, -32) + good.slice(-32)
    expect(await door.knock(auth, spliced)).toBe('InvalidToken')
    expect(await door.knock(auth, other)).toBe('in as bob')
    expect(await door.knock(auth, good)).toBe('in as ann')
  })
})

test('the session that a request gets is frozen, its dates too: opened just now, or remembered', async () => {
  const { auth } = openHouse()
  const browser = createBrowser(auth)
  await browser.signIn()
  const ask = () =>
    auth.getSession(new Request(ORIGIN, { headers: { cookie: `${COOKIE}=${browser.cookies.get(COOKIE)}` } }))
  for (const moment of ['opened', 'remembered', 'remembered again']) {
    const session = await ask()
    for (const part of [session, session?.user, session?.roles, session?.claims])
      expect(Object.isFrozen(part), moment).toBe(true)
    for (const date of [session!.expires, session!.authTime!]) {
      expect(() => date.setTime(0), moment).toThrow('read-only')
      expect(() => date.setUTCFullYear(1970), moment).toThrow('read-only')
      expect(date.getTime(), moment).toBeGreaterThan(0)
      expect(date, moment).toStrictEqual(new Date(date))
      expect([structuredClone(date), JSON.stringify(date)]).toStrictEqual([new Date(date), `"${date.toISOString()}"`])
    }
  }
})
