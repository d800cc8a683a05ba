import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundlePage, hasBrowser, launchBrowser, openBrowserApp } from './support/browser.ts'
import { openFailingStore } from './support/failing-store.ts'

let browser: Browser
let bundle: string

beforeAll(async () => {
  if (hasBrowser) [browser, bundle] = await Promise.all([launchBrowser(), bundlePage()])
})
afterAll(() => browser?.close())

const STREAM = 'auth.onSessionChange'

/** A signed-in page that listens, in an app whose store can fail. */
async function openLive(query: string) {
  const { adapter, state } = openFailingStore()
  const { app, open } = await openBrowserApp(browser, bundle, { adapter, revalidateAge: '1s' })
  const tab = await open(`${query}&live`)
  const frames = watchFrames(tab.page)
  await tab.shows('status', 'signedOut')
  await tab.click('ann')
  await tab.shows('who', 'ann')
  return { app, state, frames, ...tab }
}

/** What goes over the page's sockets. */
function watchFrames(page: Page) {
  const frames: string[] = []
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => frames.push(`> ${payload.toString()}`))
    socket.on('framereceived', ({ payload }) => frames.push(`< ${payload.toString()}`))
  })
  return { count: (direction: '<' | '>', text: string) => frames.filter((frame) => frame.startsWith(direction) && frame.includes(text)).length } // prettier-ignore
}

describe.skipIf(!hasBrowser)(
  'M02 a live page hears of an end that comes after an outage, and nobody looks at it',
  () => {
    test('first: without an outage, over a socket', async () => {
      const { app, frames, shows } = await openLive('mode=session&socket')
      await expect.poll(() => frames.count('<', '"ann"')).toBe(1)
      await app.auth.revokeSessions('ann')
      await shows('status', 'signedOut')
      expect(frames.count('>', STREAM)).toBe(1)
    })

    test('over a socket, whose stream ended with the store', async () => {
      const { app, state, frames, shows, text } = await openLive('mode=session&socket')
      await expect.poll(() => frames.count('<', '"ann"')).toBe(1)
      state.isDown = true
      await expect.poll(() => frames.count('<', 'AdapterError'), { timeout: 10_000 }).toBeGreaterThan(0)
      expect(await text('who')).toBe('ann')
      state.isDown = false
      await expect.poll(() => frames.count('<', '"ann"'), { timeout: 10_000 }).toBe(2)
      await app.auth.revokeSessions('ann')
      await shows('status', 'signedOut')
    })

    test('an end that came during the outage', async () => {
      const { app, state, frames, shows } = await openLive('mode=session&socket')
      await expect.poll(() => frames.count('<', '"ann"')).toBe(1)
      state.isDown = true
      await expect.poll(() => frames.count('<', 'AdapterError'), { timeout: 10_000 }).toBeGreaterThan(0)
      state.isDown = false
      await app.auth.revokeSessions('ann')
      await shows('status', 'signedOut')
    })

    // A proxy in front of a server that restarts: an EventSource never tries again after such an answer.
    test.each([
      ['mode=session', STREAM, 502],
      ['mode=storage', STREAM, 502],
      ['mode=storage', 'auth.streamTicket', 503],
    ] as const)('as server-sent events, with %s, where %s answered %d', async (query, path, status) => {
      const { app, shows, text } = await openLive(query)
      await expect.poll(() => app.wire.count(STREAM)).toBe(1)
      const before = app.wire.count(path)
      app.wire.fail(path, status)
      app.wire.breakStreams()
      await expect.poll(() => app.wire.count(path), { timeout: 10_000 }).toBeGreaterThan(before)
      expect(await text('who')).toBe('ann')
      const streams = app.wire.count(STREAM)
      app.wire.fail(path, null)
      await expect.poll(() => app.wire.count(STREAM), { timeout: 10_000 }).toBeGreaterThan(streams)
      await app.auth.revokeSessions('ann')
      await shows('status', 'signedOut')
    })
  },
)
