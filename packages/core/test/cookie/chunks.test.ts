import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { memoryAdapter } from '../../src/index.ts'
import { COOKIE, makeAuth, ORIGIN } from '../support/auth.ts'
import { type Browser, createBrowser, parseSetCookie, readJson, readKind } from '../support/browser.ts'

const CHUNK = 3_936

/** An app whose sessions are as large as asked. */
function openApp(options: Parameters<typeof makeAuth>[0] = {}) {
  const auth = makeAuth({ claims: { note: z.string() }, update: z.object({ note: z.string() }), ...options })
  return { auth, browser: createBrowser(auth) }
}

const enlarge = (browser: Browser, size: number) => browser.post('/auth/session', { note: 'x'.repeat(size) })

async function noteOf(browser: Browser): Promise<unknown> {
  return (await browser.session())?.claims['note']
}

function names(browser: Browser): string[] {
  return [...browser.cookies.keys()].toSorted()
}

describe('C3 S08 chunks', () => {
  test('at every size: whole, in two, or refused; and what went in comes out', async () => {
    const { browser } = openApp()
    await browser.signIn()
    const seen = new Set<string>()
    for (let size = 2_500; size <= 6_100; size += 20) {
      browser.setCookies.length = 0
      const response = await enlarge(browser, size)
      if (response.status === 500) {
        expect(await readKind(response)).toBe('SessionTooLarge')
        seen.add('refused')
        continue
      }
      expect(seen.has('refused')).toBe(false)
      const written = browser.setCookies.map(parseSetCookie).filter(({ value }) => value !== '')
      const total = written.reduce((sum, { value }) => sum + value.length, 0)
      expect(written.map(({ name }) => name)).toEqual(total <= CHUNK ? [COOKIE] : [`${COOKIE}.0`, `${COOKIE}.1`])
      expect(names(browser)).toEqual(written.map(({ name }) => name))
      for (const header of browser.setCookies) expect(header.length).toBeLessThanOrEqual(4_096)
      expect(await noteOf(browser)).toBe('x'.repeat(size))
      seen.add(written.length === 1 ? 'whole' : 'in two')
    }
    expect(seen).toEqual(new Set(['whole', 'in two', 'refused']))
  })

  test('X11 of 0.5 to 20 KB: it works and the request has at most 8 KB of it, or sign-in is an error', async () => {
    const outcomes = new Map<string, number[]>()
    for (let size = 512; size <= 20 * 1_024; size += 512) {
      const { browser } = openApp({ callbacks: { jwt: ({ token }) => ({ ...token, note: 'x'.repeat(size) }) } })
      const response = await browser.signIn()
      const outcome = (await readKind(response)) ?? 'works'
      outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), size])
      const header = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      expect(header.length).toBeLessThanOrEqual(8_192)
      expect(await noteOf(browser)).toBe(outcome === 'works' ? 'x'.repeat(size) : undefined)
    }
    expect([...outcomes.keys()]).toEqual(['works', 'SessionTooLarge'])
    expect(Math.max(...(outcomes.get('works') ?? []))).toBe(5_120)
    expect(Math.min(...(outcomes.get('SessionTooLarge') ?? []))).toBe(5_632)
  })

  test('X11 a session that fits nowhere is an explicit error at sign-in, with no cookie and no row', async () => {
    const adapter = memoryAdapter()
    const rows: unknown[] = []
    const watched = { ...adapter, createSession: (row: never) => (rows.push(row), adapter.createSession(row)) }
    const { browser } = openApp({
      adapter: watched,
      callbacks: { jwt: ({ token }) => ({ ...token, note: 'x'.repeat(20_000) }) },
    })
    const response = await browser.signIn()
    expect(response.status).toBe(500)
    expect(await readKind(response)).toBe('SessionTooLarge')
    expect(browser.setCookies).toEqual([])
    expect(rows).toEqual([])
  })

  test('an update that fits nowhere changes nothing', async () => {
    const { browser } = openApp()
    await browser.signIn()
    await enlarge(browser, 10)
    const before = new Map(browser.cookies)
    expect(await readKind(await enlarge(browser, 20_000))).toBe('SessionTooLarge')
    expect(browser.cookies).toEqual(before)
    expect(await noteOf(browser)).toBe('x'.repeat(10))
  })

  test('what a larger session left behind is cleared by a smaller one, and the other way round', async () => {
    const { browser } = openApp()
    await browser.signIn()
    for (const [size, left] of [
      [4_000, [`${COOKIE}.0`, `${COOKIE}.1`]],
      [10, [COOKIE]],
      [4_000, [`${COOKIE}.0`, `${COOKIE}.1`]],
    ] as const) {
      expect((await enlarge(browser, size)).status).toBe(200)
      expect(names(browser)).toEqual(left)
      expect(await noteOf(browser)).toBe('x'.repeat(size))
    }
  })

  test('a new sign-in clears the chunks of the one before', async () => {
    const { browser } = openApp()
    await browser.signIn()
    await enlarge(browser, 4_000)
    browser.cookies.set(`${COOKIE}.2`, 'of a session that was larger still')
    browser.cookies.set(`${COOKIE}.9`, 'and of yet another')
    await browser.signIn('bob@example.com')
    expect(names(browser)).toEqual([COOKIE])
    expect((await browser.session())?.user.id).toBe('bob')
  })

  test('sign-out clears them all', async () => {
    const { browser } = openApp()
    await browser.signIn()
    await enlarge(browser, 4_000)
    await browser.signOut()
    expect(names(browser)).toEqual([])
  })

  test("cookies of other names are nobody's business", async () => {
    const { browser } = openApp()
    const others = [
      `${COOKIE}x`,
      `${COOKIE}.x`,
      `${COOKIE}.01`,
      `${COOKIE}.-1`,
      `${COOKIE}.1.1`,
      `${COOKIE}.`,
      'theme',
      `x${COOKIE}`,
    ]
    for (const name of others) browser.cookies.set(name, 'keep me')
    await browser.signIn()
    await enlarge(browser, 4_000)
    expect(await noteOf(browser)).toBe('x'.repeat(4_000))
    await browser.signOut()
    expect(names(browser)).toEqual(others.toSorted())
  })
})

describe('C3 chunks that were tampered with', () => {
  interface Row {
    readonly tampering: string
    readonly tamper: (chunks: readonly [string, string], other: readonly [string, string]) => string
    readonly user?: string
  }
  const A = `${COOKIE}.0`
  const B = `${COOKIE}.1`
  const rows: readonly Row[] = [
    { tampering: 'none', tamper: ([a, b]) => `${A}=${a}; ${B}=${b}`, user: 'ann' },
    { tampering: 'none, in another order', tamper: ([a, b]) => `${B}=${b}; theme=dark; ${A}=${a}`, user: 'ann' },
    { tampering: 'none, in one piece', tamper: ([a, b]) => `${COOKIE}=${a}${b}`, user: 'ann' },
    {
      tampering: 'cut elsewhere',
      tamper: ([a, b]) => `${A}=${a.slice(0, 100)}; ${B}=${a.slice(100)}${b}`,
      user: 'ann',
    },
    { tampering: 'in many pieces, .10 after .9', tamper: ([a, b]) => inPieces(a + b, 12), user: 'ann' },
    { tampering: 'in as many as there may be', tamper: ([a, b]) => inPieces(a + b, 32), user: 'ann' },
    { tampering: 'in more', tamper: ([a, b]) => inPieces(a + b, 33) },
    { tampering: 'the first twice, ours before', tamper: ([a, b]) => `${A}=${a}; ${A}=x; ${B}=${b}`, user: 'ann' },
    { tampering: 'the first twice, ours after', tamper: ([a, b]) => `${A}=x; ${A}=${a}; ${B}=${b}` },
    { tampering: 'the first alone', tamper: ([a]) => `${A}=${a}` },
    { tampering: 'the second alone', tamper: ([, b]) => `${B}=${b}` },
    { tampering: 'swapped', tamper: ([a, b]) => `${A}=${b}; ${B}=${a}` },
    { tampering: 'a gap', tamper: ([a, b]) => `${A}=${a}; ${COOKIE}.2=${b}` },
    { tampering: 'counted from one', tamper: ([a, b]) => `${B}=${a}; ${COOKIE}.2=${b}` },
    { tampering: 'a third one', tamper: ([a, b]) => `${A}=${a}; ${B}=${b}; ${COOKIE}.2=AAAA` },
    { tampering: 'an empty third one', tamper: ([a, b]) => `${A}=${a}; ${B}=${b}; ${COOKIE}.2=`, user: 'ann' },
    { tampering: 'a whole one that is broken, before', tamper: ([a, b]) => `${COOKIE}=x; ${A}=${a}; ${B}=${b}` },
    { tampering: 'a whole one that is empty', tamper: ([a, b]) => `${COOKIE}=; ${A}=${a}; ${B}=${b}` },
    { tampering: 'the first of somebody else', tamper: ([, b], [a]) => `${A}=${a}; ${B}=${b}` },
    { tampering: 'the second of somebody else', tamper: ([a], [, b]) => `${A}=${a}; ${B}=${b}` },
    { tampering: 'both of somebody else', tamper: (_, [a, b]) => `${A}=${a}; ${B}=${b}`, user: 'mallory' },
    { tampering: 'quoted', tamper: ([a, b]) => `${A}="${a}"; ${B}="${b}"` },
    {
      tampering: 'two hundred',
      tamper: () => Array.from({ length: 200 }, (_, index) => `${COOKIE}.${index}=A`).join('; '),
    },
  ]

  test.each(rows)('$tampering: $user', async ({ tamper, user }) => {
    const { auth } = openApp()
    const take = async (email: string) => {
      const browser = createBrowser(auth)
      await browser.signIn(email)
      await enlarge(browser, 4_000)
      return [browser.cookies.get(A) ?? '', browser.cookies.get(B) ?? ''] as const
    }
    const cookie = tamper(await take('ann@example.com'), await take('mallory@example.com'))
    const response = await auth.handler(new Request(`${ORIGIN}/auth/session`, { headers: { cookie } }))
    expect(response.status).toBe(200)
    expect((await readJson<{ user: { id: string } } | null>(response))?.user.id).toBe(user)
    // A look-up clears nothing, whatever it finds.
    expect(response.headers.getSetCookie()).toEqual([])
  })

  function inPieces(value: string, count: number): string {
    const size = Math.ceil(value.length / count)
    const pieces = Array.from(
      { length: count },
      (_, index) => `${COOKIE}.${index}=${value.slice(index * size, (index + 1) * size)}`,
    )
    return pieces.toReversed().join('; ')
  }
})
