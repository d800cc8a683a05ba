import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, launchBrowser, openPage } from './support/browser.ts'
import { ADA, type Demo, makeDataFolder, startDemo } from './support/server.ts'

const NARROW = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true }

describe.skipIf(!hasBrowser)('M44 the demo for everybody', () => {
  let folder: Awaited<ReturnType<typeof makeDataFolder>>
  let demo: Demo
  let browser: Browser

  beforeAll(async () => {
    folder = await makeDataFolder()
    demo = await startDemo({ strategy: 'database', dataFolder: folder.path })
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
    await folder?.remove()
  })

  const visit = async (options: BrowserContextOptions = {}) => {
    const { page } = await openPage(browser, { ...options, baseURL: demo.url })
    await page.goto('/')
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
    return page
  }

  const enter = async (options: BrowserContextOptions = {}) => {
    const page = await visit(options)
    await page.getByLabel('E-mail').fill(ADA.email)
    await page.getByLabel('Password').fill(ADA.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'You' }).waitFor()
    return page
  }

  test('M44 each field says what is wrong with it, and the first of them has the focus', async () => {
    const page = await visit()
    const [email, password] = [page.getByLabel('E-mail'), page.getByLabel('Password')]
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    expect(await descriptionOf(email)).toBe('Write your whole e-mail address, such as ada@example.com.')
    expect(await descriptionOf(password)).toBe('Write your password.')
    await hasFocus(email)

    await email.fill(ADA.email)
    await password.fill('not-this-one')
    await password.press('Enter')
    await page.getByText('do not belong together').waitFor()
    expect(await descriptionOf(email)).toBeNull()
    expect(await descriptionOf(password)).toContain('do not belong together')
    await hasFocus(password)
    await shoot(page, 'sign-in-error')
  })

  test('M44 a sign-out that fails says so, and the header keeps its shape', async () => {
    const page = await enter()
    const before = await page.getByRole('banner').boundingBox()
    await page.route('**/trpc/auth.signOut**', (route) => route.abort())
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('alert').getByText('You are still signed in. The server does not answer.').waitFor()
    expect(await page.getByRole('banner').boundingBox()).toEqual(before)
    await hasFocus(page.getByRole('button', { name: 'Sign out' }))

    await page.route('**/trpc/auth.updateSession**', (route) => route.abort())
    await page.getByLabel('Organisation').selectOption('Harbour Studio')
    await page.getByRole('alert').getByText('The organisation is the same as before.').waitFor()
    expect(await page.getByRole('banner').boundingBox()).toEqual(before)
    expect(await page.getByLabel('Organisation').inputValue()).toBe('northwind')
    await shoot(page, 'header-error')

    await page.goto('/sessions')
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByRole('alert').getByText('You are still signed in.').waitFor()
  })

  test('M44 the focus goes on where the button was that has gone', async () => {
    const page = await enter()
    await page.route('**/trpc/members**', (route) => route.abort())
    await page.getByRole('link', { name: 'Members' }).click()
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await page.unroute('**/trpc/members**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('dmitri@example.com').waitFor()
    await hasFocus(page.getByRole('main'))

    await beginTokens(page)
    await hasFocus(page.getByRole('heading', { name: 'The access token' }))
    await page.getByRole('button', { name: 'End the token session' }).click()
    await page.getByText('You signed out of it.').waitFor()
    await hasFocus(page.getByRole('heading', { name: 'Begin a token session' }))
  })

  test.each([
    { name: 'one that runs', held: null },
    { name: 'one that waits for its ticket', held: '**/trpc/auth.streamTicket**' },
  ])('M44 a stream that dies is told of, and so is that it is back: $name', async ({ held }) => {
    const page = await enter()
    let release = () => {}
    const stopped = new Promise<void>((resolve) => (release = resolve))
    if (held) await page.route(held, (route) => stopped.then(() => route.continue()))
    await beginTokens(page)
    const status = page.getByRole('status').filter({ hasText: 'The stream is interrupted.' })
    expect(await status.count()).toBe(0)
    await demo.stop()
    release()
    try {
      await status.waitFor()
    } finally {
      // The tests that follow need it.
      demo = await startDemo({ strategy: 'database', dataFolder: folder.path, port: Number(new URL(demo.url).port) })
    }
    await status.waitFor({ state: 'detached', timeout: 20_000 })
    await page.getByRole('heading', { name: 'The access token' }).waitFor()
  })

  test.each([
    { name: 'desktop-light', options: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' } },
    { name: 'narrow-dark', options: { ...NARROW, colorScheme: 'dark' } },
    { name: 'narrow-forced', options: { ...NARROW, forcedColors: 'active' } },
    { name: 'desktop-forced', options: { viewport: { width: 1280, height: 800 }, forcedColors: 'active' } },
  ] as const)(
    'M44 no page is wider than the screen, and each has its landmarks and one heading ($name)',
    async ({ name, options }) => {
      const page = await enter(options)
      for (const title of ['Account', 'Members', 'Admin', 'Sessions', 'Tokens', 'API keys', 'You']) {
        await page.getByRole('navigation').getByRole('link', { name: title }).click()
        await page.getByRole('heading', { level: 1, name: title }).waitFor()
        await page.waitForLoadState('networkidle')
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(
          0,
        )
        expect(
          await page.getByRole('navigation').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
        ).toBe(0)
        for (const role of ['banner', 'navigation', 'main', 'contentinfo'] as const)
          expect(await page.getByRole(role).count()).toBe(1)
        expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
        await shoot(page, `${name}-${title.toLowerCase()}`)
      }
    },
  )

  test.each(['/sign-up', '/forgot-password', '/verify-email', '/reset-password', '/mailbox'])(
    'M44 %s is as wide as a narrow screen, and has its landmarks and one heading',
    async (path) => {
      const page = await visit(NARROW)
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
      for (const role of ['banner', 'main', 'contentinfo'] as const) expect(await page.getByRole(role).count()).toBe(1)
      for (const field of await page.getByRole('textbox').all()) expect(await field.getAttribute('id')).not.toBeNull()
      await shoot(page, `narrow-${path.slice(1)}`)
    },
  )

  test('M44 in forced colours the page that is open is still marked, and a message still has an edge', async () => {
    const page = await enter({ forcedColors: 'active' })
    const bar = await page.evaluate(() => {
      const link = document.querySelector('[aria-current="page"]')
      return link && getComputedStyle(link, '::after').backgroundColor
    })
    expect(bar).not.toBe(await page.evaluate(() => getComputedStyle(document.body).backgroundColor))
    const [open, other] = [await shootMark(page, 'You'), await shootMark(page, 'Members')]
    expect(open.equals(other)).toBe(false)
    await page.route('**/trpc/auth.signOut**', (route) => route.abort())
    await page.getByRole('button', { name: 'Sign out' }).click()
    const edge = await page
      .getByRole('alert')
      .locator('.notice')
      .evaluate((notice) => {
        const { borderTopColor, backgroundColor, borderTopWidth } = getComputedStyle(notice)
        return { borderTopColor, backgroundColor, borderTopWidth }
      })
    expect(edge.borderTopWidth).toBe('2px')
    expect(edge.borderTopColor).not.toBe(edge.backgroundColor)
  })
})

async function beginTokens(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Tokens' }).click()
  await page.getByLabel('Password').fill(ADA.password)
  await page.getByRole('button', { name: 'Begin' }).click()
  await page.getByRole('heading', { name: 'The access token' }).waitFor()
}

/** What a screen reader adds to the field's name. */
function descriptionOf(field: Locator): Promise<string | null> {
  return field.evaluate((input) => {
    const id = input.getAttribute('aria-describedby')
    return id && (document.getElementById(id)?.textContent ?? null)
  })
}

function hasFocus(target: Locator): Promise<void> {
  return target.and(target.page().locator(':focus')).waitFor()
}

/** A few pixels of where a link's mark is, as they are painted: the browser's forced colours are in no computed style. */
async function shootMark(page: Page, title: string): Promise<Buffer> {
  const link = await page.getByRole('navigation').getByRole('link', { name: title }).boundingBox()
  if (!link) throw new Error(`no link ${title}`)
  const [x, y] = [Math.round(link.x + link.width / 2), Math.round(link.y + link.height)]
  return page.screenshot({ clip: { x, y: y - 2, width: 4, height: 2 } })
}

/** For a person to look at: `SCREENSHOTS=folder`. */
async function shoot(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) })
}
