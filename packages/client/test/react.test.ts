import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundlePage, hasBrowser, launchBrowser, openBrowserApp } from './support/browser.ts'

let browser: Browser
let bundle: string

beforeAll(async () => {
  if (hasBrowser) [browser, bundle] = await Promise.all([launchBrowser(), bundlePage()])
})
afterAll(() => browser?.close())

async function openPage(query: string) {
  const { app, open } = await openBrowserApp(browser, bundle)
  return { app, ...(await open(query)) }
}

describe.skipIf(!hasBrowser).each(['mode=session', 'mode=session&queries', 'mode=storage', 'mode=storage&queries'])(
  'React in Chromium, %s',
  (query) => {
    test('the session is asked for once, and is null', async () => {
      const { app, shows, text, problems } = await openPage(query)
      await shows('status', 'signedOut')
      await shows('outside', 'outside')
      expect(await text('inside')).toBeNull()
      expect(app.wire.count('auth.session')).toBe(1)
      expect(problems).toEqual([])
    })

    test('S9: a sign-in puts its result into the session at once, as the app’s transformer made it', async () => {
      const { app, shows, click } = await openPage(query)
      await shows('status', 'signedOut')
      await click('ann')
      await shows('who', 'ann')
      await shows('inside', 'inside')
      await shows('seen', 'true')
      await shows('pending', 'false')
      expect(app.wire.count('auth.session')).toBe(1)
    })

    test('a sign-in that is refused says why, and changes nothing', async () => {
      const { shows, click } = await openPage(query)
      await shows('status', 'signedOut')
      await click('wrong')
      await shows('error', 'CredentialsSignin: The credentials are not right\\.')
      await shows('pending', 'false')
      await shows('status', 'signedOut')
    })

    test('H1: Authorized shows by role, by claim and by condition', async () => {
      const { shows, click, run, page } = await openPage(query)
      await shows('status', 'signedOut')
      await click('ann')
      await shows('somebody', '')
      await shows('no-admin', '')
      expect(await page.locator('#admin, #acme, #acme-ann').count()).toBe(0)
      await run('update', 'acme')
      await shows('acme', '')
      await shows('acme-ann', '')
      await click('root')
      await shows('admin', 'root')
      expect(await page.locator('#acme, #acme-ann, #no-admin').count()).toBe(0)
    })

    test('signing out shows at once', async () => {
      const { shows, click } = await openPage(query)
      await shows('status', 'signedOut')
      await click('ann')
      await shows('who', 'ann')
      await click('out')
      await shows('status', 'signedOut')
    })

    test('a page that is loaded anew finds its session', async () => {
      const { shows, click, page } = await openPage(query)
      await shows('status', 'signedOut')
      await click('ann')
      await shows('who', 'ann')
      await page.reload()
      await shows('who', 'ann')
    })

    test('X03: a server that is down is a failure, not a sign-out; asking again mends it', async () => {
      const { app, shows, click, page } = await openPage(query)
      await shows('status', 'signedOut')
      await click('ann')
      await shows('who', 'ann')
      app.wire.fail('auth.session', 503)
      await page.reload()
      await shows('status', 'failed')
      app.wire.fail('auth.session', null)
      await click('again')
      await shows('who', 'ann')
    })

    test('X03: a session that is known stays known while the server is down', async () => {
      const { app, shows, click, page } = await openPage(query)
      await shows('status', 'signedOut')
      await click('ann')
      await shows('who', 'ann')
      const before = app.wire.count('auth.session')
      app.wire.fail('auth.session', 503)
      await click('again')
      await page.waitForTimeout(300)
      expect(app.wire.count('auth.session')).toBe(before + 1)
      await shows('who', 'ann')
    })
  },
)

describe.skipIf(!hasBrowser)('with TanStack Query', () => {
  test.each(['mode=session&queries', 'mode=storage&queries'])(
    '%s: nobody is ever shown what was read for the person before',
    async (query) => {
      const { shows, click, page } = await openPage(query)
      await shows('status', 'signedOut')
      await page.evaluate(() => {
        const seen: string[] = []
        Object.assign(window, { seen })
        const look = () => {
          const text = document.querySelector('#mine')?.textContent
          if (text && seen.at(-1) !== text) seen.push(text)
        }
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
      })
      await click('ann')
      await shows('mine', 'ann reads ann')
      await click('out')
      await shows('status', 'signedOut')
      await click('root')
      await shows('mine', 'root reads root')
      // And without signing out in between.
      await click('ann')
      await shows('mine', 'ann reads ann')
      const seen = await page.evaluate(() => (window as unknown as { readonly seen: readonly string[] }).seen)
      expect(seen.filter((text) => text.includes('ann') && text.includes('root'))).toEqual([])
    },
  )

  test('the app’s own query of the session is the same entry: one request, and every change', async () => {
    const { app, shows, click } = await openPage('mode=session&queries')
    await shows('status', 'signedOut')
    await click('ann')
    await shows('cached', 'ann')
    await click('out')
    await shows('cached', '')
    expect(app.wire.count('auth.session')).toBe(1)
  })

  test('a cache that the app empties is filled again', async () => {
    const { app, shows, click, run } = await openPage('mode=session&queries')
    await shows('status', 'signedOut')
    await click('ann')
    await shows('who', 'ann')
    const before = app.wire.count('auth.session')
    await run('clearCache')
    await shows('who', 'ann')
    expect(app.wire.count('auth.session')).toBeGreaterThan(before)
  })
})

test.skipIf(!hasBrowser)('live: who signs in without signing out first hears of their own session', async () => {
  const { app, shows, click, run } = await openPage('mode=storage&live')
  await shows('status', 'signedOut')
  await click('ann')
  await shows('who', 'ann')
  await click('root')
  await shows('who', 'root')
  const { accessToken } = (await run('tokens'))!
  await expect.poll(() => app.wire.count('auth.onSessionChange')).toBe(2)
  await app.auth.createContext(app.asBearer(accessToken)).signOut()
  await shows('status', 'signedOut')
})

test.skipIf(!hasBrowser)('a session that ended unseen shows when the page is looked at again', async () => {
  const { app, shows, click, page } = await openPage('mode=session')
  await shows('status', 'signedOut')
  await click('ann')
  await shows('who', 'ann')
  await page.context().clearCookies()
  const before = app.wire.count('auth.session')
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await shows('status', 'signedOut')
  expect(app.wire.count('auth.session')).toBe(before + 1)
})
