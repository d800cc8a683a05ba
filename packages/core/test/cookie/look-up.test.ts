import { describe, expect, test } from 'vitest'
import type { Auth, SessionAdapter } from '../../src/index.ts'
import { COOKIE } from '../support/auth.ts'
import { type Browser, createBrowser } from '../support/browser.ts'
import { openGate } from '../support/gate.ts'
import { serve } from '../support/server.ts'
import { HOMES, type Home, openHome } from '../support/strategies.ts'

/** A browser that reaches the engine through a real server, so that answers arrive in an order of their own. */
async function browse(auth: Auth): Promise<Browser> {
  const { url } = await serve(auth.handler)
  return createBrowser({
    handler: async (request) => {
      const { pathname, search } = new URL(request.url)
      const body = request.method === 'GET' ? null : await request.text()
      return fetch(url + pathname + search, { method: request.method, headers: request.headers, body })
    },
  })
}

/** A browser whose session can be ended behind its back, in the store, which answers late if it is told to. */
async function openScene(home: Home) {
  const gate = openGate()
  const { adapter: store, clock } = openHome(home)
  const adapter: SessionAdapter = {
    ...store,
    getSessionAndUser: async (token) => {
      const found = await store.getSessionAndUser(token)
      await gate.pass()
      return found
    },
  }
  const { auth } = openHome(home, { adapter, clock: clock.read })
  const end = async () => {
    // By then a jwt cookie is checked against its row.
    clock.turn(301)
    await store.revokeSessions({ userId: 'ann', now: clock.read() })
  }
  return { auth, browser: await browse(auth), end, gate }
}

describe.each(HOMES.filter(({ store }) => store))('M10 C11 a look-up never clears a cookie; $home', (home) => {
  test('a good cookie is answered, and none is set', async () => {
    const { browser } = await openScene(home)
    await browser.signIn()
    expect((await browser.session())?.user.id).toBe('ann')
    expect(browser.setCookies).toHaveLength(1)
  })

  test('an ended one is nobody, and stays until somebody signs out', async () => {
    const { browser, end } = await openScene(home)
    await browser.signIn()
    await end()
    expect(await browser.session()).toBeNull()
    expect(browser.setCookies).toHaveLength(1)
    expect(browser.cookies.has(COOKIE)).toBe(true)
    await browser.signOut()
    expect(browser.cookies.size).toBe(0)
  })

  test('an answer about an ended session that comes after a new sign-in leaves the new cookie', async () => {
    const { browser, end, gate } = await openScene(home)
    await browser.signIn()
    await end()
    const { isReached, release } = gate.holdNext()
    const poll = browser.session()
    await isReached
    expect((await browser.signIn()).status).toBe(200)
    release()
    expect(await poll).toBeNull()
    expect((await browser.session())?.user.id).toBe('ann')
  })
})
