import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundlePage, hasBrowser, launchBrowser, openBrowserApp } from './support/browser.ts'

const LATER = 16 * 60_000
let browser: Browser
let bundle: string

beforeAll(async () => {
  if (hasBrowser) [browser, bundle] = await Promise.all([launchBrowser(), bundlePage()])
})
afterAll(() => browser?.close())

describe.skipIf(!hasBrowser).each(['storage', 'cookie'] as const)('two tabs in Chromium, tokens by %s', (mode) => {
  const refreshPath = mode === 'cookie' ? '/auth/token' : 'auth.token'

  async function openTwo(query = '') {
    const { app, open } = await openBrowserApp(browser, bundle)
    const one = await open(`mode=${mode}${query}`)
    await one.shows('status', 'signedOut')
    await one.click('ann')
    await one.shows('who', 'ann')
    const two = await open(`mode=${mode}${query}`)
    await two.shows('who', 'ann')
    const before = app.wire.count(refreshPath)
    return { app, one, two, refreshes: () => app.wire.count(refreshPath) - before }
  }

  test('R9, R11: 20 calls refused in each of them at once cost one refresh between them, and all succeed', async () => {
    const { app, one, two, refreshes } = await openTwo()
    app.clock.ahead = LATER
    const answers = await Promise.all([one.run('calls', 20), two.run('calls', 20)])
    expect(answers.flat()).toEqual(Array.from({ length: 40 }, () => 'ann'))
    expect(refreshes()).toBe(1)
    const [of, other] = await Promise.all([one.run('tokens'), two.run('tokens')])
    expect(of?.accessToken).toBe(other?.accessToken)
    expect(one.problems.concat(two.problems)).toEqual([])
  })

  test('what one of them refreshes the other uses, too', async () => {
    const { app, one, two, refreshes } = await openTwo()
    app.clock.ahead = LATER
    await one.run('calls', 1)
    expect(await two.run('calls', 1)).toEqual(['ann'])
    expect(refreshes()).toBe(1)
  })

  test('a sign-out in one is told in the other, and so is who signs in next', async () => {
    const { one, two } = await openTwo()
    await one.click('out')
    await Promise.all([one.shows('status', 'signedOut'), two.shows('status', 'signedOut')])
    await two.click('root')
    await Promise.all([one.shows('who', 'root'), two.shows('who', 'root')])
    expect(await one.run('calls', 1)).toEqual(['root'])
  })

  test('what updateSession changes in one shows in the other', async () => {
    const { one, two } = await openTwo()
    expect(await two.page.locator('#acme').count()).toBe(0)
    await one.run('update', 'acme')
    await Promise.all([one.shows('acme', ''), two.shows('acme', '')])
  })

  test('a session that the server ended in one has ended in the other', async () => {
    const { app, one, two } = await openTwo()
    await app.auth.createContext(app.asBearer((await one.run('tokens'))!.accessToken)).signOut()
    await expect(one.run('calls', 1)).rejects.toThrow('SessionRevoked')
    await Promise.all([one.shows('status', 'signedOut'), two.shows('status', 'signedOut')])
  })

  test('live: both are told that the session was ended elsewhere, without a call of theirs', async () => {
    const { app, one, two } = await openTwo('&live')
    await app.auth.createContext(app.asBearer((await one.run('tokens'))!.accessToken)).signOut()
    await Promise.all([one.shows('status', 'signedOut'), two.shows('status', 'signedOut')])
  })

  test.each(['out', 'update'] as const)(
    'M12: a hung %s in one of them keeps the other’s refresh waiting no longer than refreshTimeout',
    async (what) => {
      const { app, one, two } = await openTwo('&timeout=2')
      const hung = what === 'out' ? 'auth.signOut' : mode === 'cookie' ? refreshPath : 'auth.updateSession'
      app.wire.fail(hung, 'hang')
      const before = app.wire.count(hung)
      if (what === 'out') await one.click('out')
      else void one.run('update', 'acme').catch(() => {})
      await expect.poll(() => app.wire.count(hung)).toBe(before + 1)
      app.wire.fail(hung, null)
      app.clock.ahead = LATER
      expect(await two.run('calls', 1)).toEqual(['ann'])
      if (what === 'out') await one.shows('out-error', 'true')
      await one.shows('who', 'ann')
    },
  )

  test('M12: why a session ended is told in both', async () => {
    const { app, one, two } = await openTwo()
    await app.auth.createContext(app.asBearer((await one.run('tokens'))!.accessToken)).signOut()
    await expect(one.run('calls', 1)).rejects.toThrow('SessionRevoked')
    await two.shows('status', 'signedOut')
    expect(await one.run('ends')).toEqual(['SessionRevoked'])
    expect(await two.run('ends')).toEqual(['SessionRevoked'])
  })

  if (mode === 'cookie') {
    test('R8: nothing that JavaScript can read holds the refresh token', async () => {
      const { one } = await openTwo()
      const readable = await one.page.evaluate(() => [
        document.cookie,
        `${localStorage.length} ${sessionStorage.length}`,
      ])
      expect(readable).toEqual(['', '0 0'])
      expect(Object.keys((await one.run('tokens')) ?? {})).not.toContain('refreshToken')
      const [cookie] = await one.page.context().cookies()
      expect(cookie).toMatchObject({
        name: 'latchkey.refresh',
        httpOnly: true,
        sameSite: 'Strict',
        path: '/auth/token',
      })
    })
  }
})

describe.skipIf(!hasBrowser)('two tabs in Chromium, the session in a cookie', () => {
  test('tell each other who signs in and out', async () => {
    const { open } = await openBrowserApp(browser, bundle)
    const [one, two] = [await open('mode=session'), await open('mode=session')]
    await Promise.all([one.shows('status', 'signedOut'), two.shows('status', 'signedOut')])
    await one.click('ann')
    await Promise.all([one.shows('who', 'ann'), two.shows('who', 'ann')])
    await two.click('out')
    await Promise.all([one.shows('status', 'signedOut'), two.shows('status', 'signedOut')])
  })
})
