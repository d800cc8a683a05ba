import type { Browser, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundlePage, hasBrowser, launchBrowser, openBrowserApp, type Tab } from './support/browser.ts'

let browser: Browser
let bundle: string

beforeAll(async () => {
  if (hasBrowser) [browser, bundle] = await Promise.all([launchBrowser(), bundlePage()])
})
afterAll(() => browser?.close())

async function openSignedIn(query: string) {
  const { app, open } = await openBrowserApp(browser, bundle)
  const first = await open(query)
  await first.shows('status', 'signedOut')
  await first.click('ann')
  await first.shows('who', 'ann')
  return { app, open, first }
}

/** The person looks at the page again. */
const look = ({ page }: Tab) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))

const MODES = ['mode=session', 'mode=session&queries'] as const

describe.skipIf(!hasBrowser).each(MODES)('M12 with %s', (query) => {
  test('a sign-out that fails shows in useSignOut().error, and the session stays', async () => {
    const { app, first } = await openSignedIn(query)
    app.wire.fail('auth.signOut', 503)
    await first.click('out')
    await first.shows('out-error', 'true')
    await first.shows('who', 'ann')
    app.wire.fail('auth.signOut', null)
    await first.click('out')
    await first.shows('status', 'signedOut')
    expect(await first.text('out-error')).toBe('false')
  })

  test.each(['', '&initial'])('the reason for an end survives a refocus%s', async (initial) => {
    const { app, first, open } = await openSignedIn(query)
    const tab = initial ? await open(query + initial) : first
    await tab.shows('who', 'ann')
    await endFromElsewhere(app.origin)
    await look(tab)
    await tab.shows('status', 'signedOut')
    expect(await tab.run('ends')).toEqual(['SessionRevoked'])
    await look(tab)
    await tab.shows('status', 'signedOut')
    expect(await tab.run('ends')).toEqual(['SessionRevoked'])
  })

  test('a sign-out in another tab is no end', async () => {
    const { first, open } = await openSignedIn(query)
    const two = await open(query)
    await two.shows('who', 'ann')
    await first.click('out')
    await two.shows('status', 'signedOut')
    await look(two)
    await two.shows('status', 'signedOut')
    expect(await two.run('ends')).toEqual([])
  })

  test('whoever signs in in another tab shows, although the server was asked a moment before', async () => {
    const { first, open } = await openSignedIn(query)
    const two = await open(query)
    await two.shows('who', 'ann')
    let release = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    const asked = new Promise<void>((resolve) => {
      const hold = async (route: Route) => {
        const response = await route.fetch()
        resolve()
        await released
        await route.fulfill({ response }).catch(() => {}) // the page may not wait for it any more
      }
      void two.page.route('**/trpc/auth.session**', hold, { times: 1 })
    })
    await look(two)
    await asked
    await first.click('root')
    await two.shows('who', 'root')
    release()
    await two.run('renderLate')
    await two.shows('who', 'root')
  })

  test('an initialSession that changes is taken: a server action signed somebody in, in place of another, or out', async () => {
    const { open } = await openBrowserApp(browser, bundle)
    const { run, shows } = await open(`${query}&initial`)
    await shows('status', 'signedOut')
    await run('actAs', 'ann')
    await shows('who', 'ann')
    await run('actAs', 'root')
    await shows('who', 'root')
    await shows('admin', 'root')
    await run('actAs', null)
    await shows('status', 'signedOut')
  })

  test('an initialSession that is rendered anew says nothing new', async () => {
    const { app, open, first } = await openSignedIn(query)
    await first.page.close() // it would ask, too
    const { run, shows, click } = await open(`${query}&initial`)
    await shows('who', 'ann')
    await run('renderLate')
    const before = app.wire.count('auth.session')
    await run('renderNow')
    await click('out')
    await shows('status', 'signedOut')
    await run('renderNow')
    await shows('status', 'signedOut')
    expect(app.wire.count('auth.session')).toBe(before)
  })

  test('an initialSession that is late doesn’t replace what has happened here since', async () => {
    const { app, open, first } = await openSignedIn(query)
    const tab = await open(`${query}&initial`)
    await tab.shows('who', 'ann')
    // It would hear of the sign-in below, and ask for the session too.
    await first.page.close()
    // The server renders after an action, and meanwhile the person signs in as somebody else here.
    await tab.run('actAs', 'ben')
    await tab.shows('who', 'ben')
    await tab.run('renderLate')
    await tab.run('actAs', 'ann')
    await tab.shows('who', 'ann')
    await watchWho(tab)
    await tab.click('root')
    await tab.shows('who', 'root')
    const before = app.wire.count('auth.session')
    await tab.run('renderNow')
    await expect.poll(() => app.wire.count('auth.session')).toBe(before + 1)
    await tab.page.waitForLoadState('networkidle')
    expect(await readWho(tab)).toEqual(['ann', 'root'])
  })
})

test.skipIf(!hasBrowser)('M12 nobody is shown what was read for the person before a server action', async () => {
  const { open } = await openBrowserApp(browser, bundle)
  const { page, run, shows } = await open('mode=session&queries&initial')
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    const note = () => {
      const text = document.querySelector('#mine')?.textContent
      if (text && seen.at(-1) !== text) seen.push(text)
    }
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  await run('actAs', 'ann')
  await shows('mine', 'ann reads ann')
  await run('actAs', 'root')
  await shows('mine', 'root reads root')
  await run('actAs', null)
  await shows('status', 'signedOut')
  await run('actAs', 'ann')
  await shows('mine', 'ann reads ann')
  const seen = await page.evaluate(() => (window as unknown as { readonly seen: readonly string[] }).seen)
  expect(seen.filter((text) => text.includes('ann') && text.includes('root'))).toEqual([])
})

/** Another device of the same person signs in and ends all other sessions. */
async function endFromElsewhere(origin: string): Promise<void> {
  const signedIn = await post(origin, 'auth.signIn', { provider: 'credentials', name: 'ann', password: 'right' })
  const cookie = signedIn.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ') // prettier-ignore
  await post(origin, 'auth.sessions.revokeOthers', undefined, cookie)
}

async function post(origin: string, path: string, input: unknown, cookie = ''): Promise<Response> {
  const headers = { origin, cookie, 'content-type': 'application/json' }
  const response = await fetch(`${origin}/trpc/${path}`, { method: 'POST', headers, body: JSON.stringify({ json: input }) }) // prettier-ignore
  if (!response.ok) throw new Error(await response.text())
  return response
}

function watchWho({ page }: Tab) {
  return page.evaluate(() => {
    const who: string[] = []
    Object.assign(window, { who })
    const note = () => {
      const text = document.querySelector('#who')?.textContent ?? ''
      if (who.at(-1) !== text) who.push(text)
    }
    note()
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
}

function readWho({ page }: Tab) {
  return page.evaluate(() => (window as unknown as { readonly who: readonly string[] }).who)
}
