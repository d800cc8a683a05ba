import { describe, expect, test } from 'vitest'
import { COOKIE } from '../support/auth.ts'
import { readKind } from '../support/browser.ts'
import { LIBRARIES } from '../support/old-app.ts'
import { inChunks, join, openTakingOver, RENEWAL } from '../support/take-over.ts'

const ANN = { sub: 'ann', name: 'Ann', email: 'ann@example.com' }
/** What base64url makes of this many bytes is about a third more. */
const sized = (kilobytes: number) => ({ ...ANN, accessToken: 'x'.repeat(kilobytes * 1_024) })

describe.each(LIBRARIES)('X11 M08 sessions of %s, 0.5 to 20 KB', (from) => {
  test.each([
    { kilobytes: 0.5, moves: true },
    { kilobytes: 2, moves: true },
    { kilobytes: 4, moves: true },
    { kilobytes: 5.2, moves: true },
    { kilobytes: 6, moves: false },
    { kilobytes: 10, moves: false },
    { kilobytes: 20, moves: false },
  ])('$kilobytes KB, written as ours: read, and moved to our cookie: $moves', async ({ kilobytes, moves }) => {
    const { clock, log, old, visit, rows } = await openTakingOver(from, 'ours')
    const cookies = inChunks(old.name, old.signIn(sized(kilobytes)))
    const browser = visit(cookies)
    for (const _ of [1, 2, 3]) {
      expect((await browser.session())?.user.id).toBe('ann')
      clock.turn(RENEWAL)
    }
    const names = [...browser.cookies.keys()]
    if (moves) {
      expect(names.every((name) => name.startsWith(COOKIE))).toBe(true)
      expect(join(browser.cookies, COOKIE).length).toBeLessThanOrEqual(2 * 3_936)
      expect(log.lines).toEqual([])
    } else {
      // It goes on with the cookie that it has, and the log says so once.
      expect(names).toEqual(Object.keys(cookies))
      expect(log.lines.map(({ message }) => message)).toEqual([expect.stringContaining('it is not extended')])
    }
    expect(await rows()).toHaveLength(1)
    await browser.signOut()
    expect(browser.cookies.size).toBe(0)
    expect(await visit(cookies).session()).toBeNull()
  })

  test.each([
    { kilobytes: 4, extended: true },
    { kilobytes: 10, extended: true },
    { kilobytes: 20, extended: false },
  ])(
    '$kilobytes KB, written as theirs: both apps go on with it; written by this one: $extended',
    async ({ kilobytes, extended }) => {
      const { clock, old, visit } = await openTakingOver(from, 'theirs')
      const before = old.signIn(sized(kilobytes))
      const browser = visit(inChunks(old.name, before))
      for (const _ of [1, 2, 3]) {
        expect((await browser.session())?.user.id).toBe('ann')
        clock.turn(RENEWAL)
      }
      const after = join(browser.cookies, old.name)
      expect(after !== before).toBe(extended)
      expect((await old.open(after))?.['accessToken']).toBe(sized(kilobytes).accessToken)
      for (const header of browser.setCookies) expect(header.length).toBeLessThanOrEqual(4_096)
      // The old app writes it anew, in its own chunks.
      const back = visit(inChunks(old.name, await old.renew(after)))
      expect((await back.session())?.user.id).toBe('ann')
    },
  )

  test('a jwt callback that leaves the large claim out lets it move', async () => {
    const { old, visit } = await openTakingOver(from, 'ours', {
      callbacks: { jwt: ({ token: { accessToken: _dropped, ...token } }) => token },
    })
    const browser = visit(inChunks(old.name, old.signIn(sized(20))))
    expect((await browser.session())?.user.id).toBe('ann')
    expect([...browser.cookies.keys()]).toEqual([COOKIE])
  })

  test.each(['theirs', 'ours'] as const)(
    'written as %s: a sign-in or an update here that fits nowhere is an error',
    async (write) => {
      const { old, visit } = await openTakingOver(from, write, {
        callbacks: { jwt: ({ token, user }) => (user ? { ...token, accessToken: 'x'.repeat(7_000) } : token) },
      })
      const browser = visit()
      expect(await readKind(await browser.signIn())).toBe('SessionTooLarge')
      expect(browser.cookies.size).toBe(0)
      const large = visit(inChunks(old.name, old.signIn(sized(10))))
      expect(await readKind(await large.post('/auth/session', { org: 'acme' }))).toBe('SessionTooLarge')
      expect((await large.session())?.user.id).toBe('ann')
    },
  )
})
