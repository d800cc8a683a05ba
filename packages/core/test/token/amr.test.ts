import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { memoryAdapter } from '../../src/index.ts'
import { COOKIE, makeAuth, openClock, ORIGIN } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'
import { DOORS, forge } from '../support/doors.ts'

const [cookieDoor] = DOORS
const OTHERS = { sessionId: undefined, authTime: undefined }

/** What the session of a cookie with these claims says. */
async function open(change: object) {
  const clock = openClock()
  const adapter = memoryAdapter()
  await adapter.createUser({ id: 'ann' })
  const auth = makeAuth({ adapter, clock: clock.read, session: { strategy: 'jwt' } })
  const payload = { ...cookieDoor!.claims(clock.seconds()), ...change }
  const browser = createBrowser(auth)
  browser.cookies.set(COOKIE, forge(cookieDoor!, clock.seconds(), { payload }))
  const read = async () => {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return (await auth.getSession(new Request(ORIGIN, { headers: { cookie } })))?.amr ?? null
  }
  return { browser, clock, read }
}

describe('how somebody signed in is what this library has written, and nothing else', () => {
  test.each([
    { claim: 'a list of words', change: { amr: ['pwd', 'otp', 'mfa'] }, amr: ['pwd', 'otp', 'mfa'] },
    { claim: 'none', change: {}, amr: [] },
    { claim: 'an empty list', change: { amr: [] }, amr: [] },
    { claim: 'a word', change: { amr: 'mfa' }, amr: null },
    { claim: 'a list with another kind of value', change: { amr: ['mfa', 1] }, amr: null },
    { claim: 'an object', change: { amr: { mfa: true } }, amr: null },
    { claim: 'null', change: { amr: null }, amr: null },
    { claim: 'of another library’s token', change: { ...OTHERS, amr: ['mfa'] }, amr: [] },
    { claim: 'of another library’s token, a word', change: { ...OTHERS, amr: 'mfa' }, amr: [] },
  ])('the claim is $claim', async ({ change, amr }) => {
    const { read } = await open(change)
    expect(await read()).toEqual(amr)
  })

  test('another library’s token is worth no more once it was renewed here', async () => {
    const { browser, clock, read } = await open({ ...OTHERS, amr: ['mfa'] })
    clock.turn(10 * 60)
    await browser.session()
    clock.turn(60)
    expect(await read()).toEqual([])
  })

  test('the jwt callback neither adds a word nor takes one away', async () => {
    for (const change of [{ amr: ['mfa'] }, { amr: undefined }]) {
      const auth = makeAuth({ callbacks: { jwt: ({ token }) => ({ ...token, ...change }) } })
      const browser = createBrowser(auth)
      await browser.signIn()
      const cookie = `${COOKIE}=${browser.cookies.get(COOKIE)}`
      const session = await auth.getSession(new Request(ORIGIN, { headers: { cookie } }))
      expect(session?.amr).toEqual(['pwd'])
    }
  })

  test('no claim of an app has its name', () => {
    expect(() => makeAuth({ claims: { amr: z.string() } })).toThrow(expect.objectContaining({ kind: 'Configuration' }))
  })

  test('nobody can write into the list that requests share', async () => {
    const auth = makeAuth()
    const browser = createBrowser(auth)
    await browser.signIn()
    const request = () => new Request(ORIGIN, { headers: { cookie: `${COOKIE}=${browser.cookies.get(COOKIE)}` } })
    const session = await auth.getSession(request())
    const amr = (session?.amr ?? []) as string[]
    expect(() => amr.push('mfa')).toThrow(TypeError)
    expect((await auth.getSession(request()))?.amr).toEqual(['pwd'])
  })

  test('clients get it only from an app’s session callback', async () => {
    const browser = createBrowser(makeAuth())
    await browser.signIn()
    expect(await browser.session()).not.toHaveProperty('amr')
  })
})
