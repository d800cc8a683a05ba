import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { build } from 'vite'
import type { SignInPage } from './browser/sign-in-page.ts'
import { hasBrowser, launchBrowser } from './support/browser.ts'
import { openSignInApp } from './support/sign-in-app.ts'

let browser: Browser
let bundle: string
beforeAll(async () => {
  if (!hasBrowser) return
  browser = await launchBrowser()
  bundle = await bundlePage()
}, 60_000)
afterAll(() => browser?.close())

async function bundlePage(): Promise<string> {
  const entry = fileURLToPath(new URL('./browser/sign-in-page.ts', import.meta.url))
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['latchkey-source', 'module', 'browser', 'import', 'default'] },
    build: { write: false, minify: true, lib: { entry, formats: ['es'], fileName: 'page' } },
  })
  const [output] = [result].flat()
  if (!output || !('output' in output)) throw new Error('vite watches instead of building')
  return output.output[0].code
}

interface Visit {
  readonly mode?: 'cookies' | 'tokens'
  readonly popup?: boolean
  /** The page is on another origin than the server. */
  readonly elsewhere?: boolean
}

/** A person on the sign-in page. */
async function visit({ mode = 'cookies', popup = false, elsewhere = false }: Visit = {}) {
  const app = await openSignInApp(bundle)
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  await context.addInitScript((name) => sessionStorage.setItem('mode', name), mode)
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const origin = elsewhere ? app.elsewhere : app.origin
  await page.goto(`${origin}/sign-in?${popup ? 'popup' : ''}`)
  return { app, context, page, origin }
}

const status = (page: Page, text: string) => page.locator('#status', { hasText: new RegExp(`^${text}$`) }).waitFor()

function run<TName extends keyof SignInPage>(page: Page, name: TName, ...input: Parameters<SignInPage[TName]>) {
  return page.evaluate(
    ([name, input]) => {
      const { page } = globalThis as unknown as { readonly page: Record<string, (...input: unknown[]) => unknown> } // the page sets it
      return page[name]!(...input)
    },
    [name as string, input as unknown[]] as const,
  ) as Promise<Awaited<ReturnType<SignInPage[TName]>>>
}

/** The window that a click opens. */
async function openWindow(context: BrowserContext, page: Page): Promise<Page> {
  const [window] = await Promise.all([context.waitForEvent('page'), page.click('#go')])
  await window.waitForSelector('#agree')
  return window
}

describe.skipIf(!hasBrowser)('signInWith', { timeout: 30_000 }, () => {
  test('goes to the provider, and comes back signed in', async () => {
    const { app, page } = await visit()
    await page.click('#go')
    await page.waitForURL(`${app.provider.origin}/**`)
    await page.click('#agree')
    await page.waitForURL(`${app.origin}/account?tab=1`)
    expect(await run(page, 'whoAmI')).toBe('Ada')
    expect(await run(page, 'finish')).toBeNull()
  })

  test.each([
    { about: 'whose pages keep the tie to the opener', isolates: false },
    { about: 'whose pages cut it', isolates: true },
  ])('opens a popup of a provider $about, and resolves when it has ended', async ({ isolates }) => {
    const { app, context, page } = await visit({ popup: true })
    app.provider.isolates = isolates
    expect(await run(page, 'whoAmI')).toBeNull()
    const window = await openWindow(context, page)
    await Promise.all([window.waitForEvent('close'), window.click('#agree')])
    await status(page, 'signedIn')
    expect(new URL(page.url()).pathname).toBe('/sign-in')
    expect(await run(page, 'changes')).toEqual(['signIn'])
    expect(await run(page, 'whoAmI')).toBe('Ada')
  })

  test('an error in the popup has the kind that the server gave it', async () => {
    const { context, page } = await visit({ popup: true })
    const window = await openWindow(context, page)
    await Promise.all([window.waitForEvent('close'), window.click('#refuse')])
    await status(page, 'SignInError AccessDenied')
    expect(await run(page, 'whoAmI')).toBeNull()
  })

  test('a popup that is closed ends in PopupClosed', async () => {
    const { context, page } = await visit({ popup: true })
    const window = await openWindow(context, page)
    await window.close()
    await page.bringToFront()
    await status(page, 'SignInError PopupClosed')
  })

  test('a second factor that is due comes back as a challenge', async () => {
    const { app, context, page } = await visit({ popup: true })
    app.asksForPin = true
    const window = await openWindow(context, page)
    await Promise.all([window.waitForEvent('close'), window.click('#agree')])
    await status(page, 'challenge')
    expect(await run(page, 'whoAmI')).toBeNull()
  })

  test('a browser that blocks the popup goes to the provider itself', async () => {
    const strict = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--headless', '--no-sandbox', '--disable-gpu'],
      ignoreDefaultArgs: ['--disable-popup-blocking'],
    })
    onTestFinished(() => strict.close())
    const app = await openSignInApp(bundle)
    const page = await strict.newPage()
    // Nobody has clicked.
    await page.goto(`${app.origin}/sign-in?popup&auto`)
    await page.waitForURL(`${app.provider.origin}/**`)
    await page.click('#agree')
    await page.waitForURL(`${app.origin}/account?tab=1`)
  })

  test.each([{ elsewhere: false }, { elsewhere: true }])(
    'with a token store it ends in finishSignIn (page on another origin: $elsewhere)',
    async ({ elsewhere }) => {
      const { app, page, origin } = await visit({ mode: 'tokens', elsewhere })
      await page.click('#go')
      await page.waitForURL(`${app.provider.origin}/**`)
      await page.click('#agree')
      await page.waitForURL(`${origin}/account?tab=1&code=*`)
      expect(await run(page, 'finish')).toBe('tokens')
      expect(page.url()).toBe(`${origin}/account?tab=1`)
      expect(await run(page, 'tokens')).toBe(true)
      expect(await run(page, 'whoAmI')).toBe('Ada')
      expect(await run(page, 'finish')).toBeNull()
    },
  )

  test.each([{ elsewhere: false }, { elsewhere: true }])(
    'with a token store a popup ends in tokens (page on another origin: $elsewhere)',
    async ({ elsewhere }) => {
      const { context, page } = await visit({ mode: 'tokens', popup: true, elsewhere })
      const window = await openWindow(context, page)
      await Promise.all([window.waitForEvent('close'), window.click('#agree')])
      await status(page, 'tokens')
      expect(await run(page, 'changes')).toEqual(['signIn'])
      expect(await run(page, 'whoAmI')).toBe('Ada')
    },
  )
})

describe.skipIf(!hasBrowser)('what is refused', { timeout: 30_000 }, () => {
  test('O04 a code that another browser asked for signs nobody in', async () => {
    const theirs = await visit({ mode: 'tokens' })
    await theirs.page.click('#go')
    await theirs.page.waitForSelector('#agree')
    await theirs.page.click('#agree')
    await theirs.page.waitForURL(`${theirs.origin}/account?tab=1&code=*`)
    const ours = await theirs.context.newPage()
    await ours.goto(theirs.page.url())
    expect(await run(ours, 'finish')).toBeNull()
    expect(await run(ours, 'tokens')).toBe(false)
  })

  test.each([
    { message: 'of another popup', fields: { type: 'latchkey.signIn', id: 'x'.repeat(32), status: 'signedIn' } },
    { message: 'without an id', fields: { type: 'latchkey.signIn', status: 'signedIn' } },
    { message: 'of another kind', fields: { type: 'other' } },
    { message: 'that is nothing', fields: null },
  ])('a message $message ends nothing', async ({ fields }) => {
    const { context, page } = await visit({ popup: true })
    const window = await openWindow(context, page)
    await page.evaluate((message) => {
      postMessage(message, '*')
      // A channel has no target origin: it never leaves its own.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      new BroadcastChannel('latchkey:popup').postMessage(message)
    }, fields)
    await page.waitForTimeout(300)
    expect(await page.textContent('#status')).toBe('waiting')
    await window.click('#agree')
    await status(page, 'signedIn')
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', '//mallory.example', '/account', ''])(
    'O11 an address like %j from the server is not opened',
    async (address) => {
      const { page } = await visit()
      const before = page.url()
      expect(await run(page, 'goTo', address)).toMatch(/^TypeError/)
      expect(page.url()).toBe(before)
    },
  )
})
