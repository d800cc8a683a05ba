import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, launchBrowser, openPage } from './support/browser.ts'
import { query } from './support/http.ts'
import { ADA, BEN, type Demo, makeDataFolder, startDemo, STRATEGIES } from './support/server.ts'

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

describe.skipIf(!hasBrowser).each(STRATEGIES)('the demo in Chromium, sessions by %s', (strategy) => {
  let folder: Awaited<ReturnType<typeof makeDataFolder>>
  let demo: Demo
  let browser: Browser

  beforeAll(async () => {
    folder = await makeDataFolder()
    demo = await startDemo({ strategy, dataFolder: folder.path })
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
    await folder?.remove()
  })

  const visit = async (options: BrowserContextOptions = {}) => {
    const visitor = await openPage(browser, { ...options, baseURL: demo.url })
    await visitor.page.goto('/')
    await heading(visitor.page, 'Sign in').waitFor()
    return visitor
  }

  test('a member signs in wrong and right, is refused the admin page, switches organisation, ends the other browser and signs out', async () => {
    const { page, problems } = await visit()
    await submit(page, { ...BEN, password: 'not-this-one' })
    await page.getByRole('alert').getByText('do not belong together').waitFor()
    expect(await page.getByLabel('E-mail').inputValue()).toBe(BEN.email)

    await submit(page, BEN)
    await heading(page, 'You').waitFor()
    expect(await page.getByRole('region', { name: 'that your browser gets' }).innerText()).toContain(
      '"name": "Ben Okafor"',
    )
    const server = page.getByRole('region', { name: 'that the server knows' })
    expect(await server.innerText()).toContain(`"strategy": "${strategy}"`)
    await page.getByRole('contentinfo').getByText(`AUTH_STRATEGY=${strategy}`).waitFor()

    await open(page, 'Members')
    await page.getByText('dmitri@example.com').waitFor()
    expect(await page.getByText('chiara@example.com').count()).toBe(0)

    await open(page, 'Admin')
    await page.getByRole('alert').getByText('This page is for admins.').waitFor()
    expect(await page.getByText(ADA.email).count()).toBe(0)

    await open(page, 'Members')
    await page.getByLabel('Organisation').selectOption('Harbour Studio')
    await page.getByText('chiara@example.com').waitFor()
    expect(await page.getByText('dmitri@example.com').count()).toBe(0)
    await page.reload()
    await page.getByText('chiara@example.com').waitFor()
    expect(await page.getByLabel('Organisation').inputValue()).toBe('harbour')

    const other = await visit({ userAgent: FIREFOX })
    await submit(other.page, BEN)
    await heading(other.page, 'You').waitFor()
    await open(page, 'Sessions')
    await page.getByText('this browser').waitFor()
    await page.getByRole('button', { name: 'End the session of Firefox on Windows' }).click()
    await page.getByText('The session of Firefox on Windows is ended.').waitFor()
    await page.getByText('You are signed in nowhere else.').waitFor()
    await other.page.getByRole('link', { name: 'Members' }).click()
    await heading(other.page, 'Sign in').waitFor()
    await other.page.getByText('This session was ended').waitFor()

    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await heading(page, 'Sign in').waitFor()
    await page.getByText('You are signed out.').waitFor()
    expect(problems).toEqual(['401 auth.signIn', '403 admin.people'])
    expect(other.problems).toEqual(['401 members'])
  })

  test('an admin sees the admin page', async () => {
    const { page, problems } = await visit()
    await submit(page, ADA)
    await heading(page, 'You').waitFor()
    await open(page, 'Admin')
    await page
      .getByRole('listitem')
      .filter({ hasText: BEN.email })
      .getByText('Harbour Studio, Northwind Press')
      .waitFor()
    expect(await page.getByRole('listitem').filter({ hasText: '@example.com' }).count()).toBe(5)
    expect(problems).toEqual([])
  })

  test('S03 a cookie that was copied before signing out is dead afterwards', async () => {
    const { page } = await visit()
    await submit(page, ADA)
    await heading(page, 'You').waitFor()
    const cookies = await page.context().cookies()
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    expect(await query(demo.url, 'whoami', { cookie })).toMatchObject({ status: 200 })
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await heading(page, 'Sign in').waitFor()
    expect(await query(demo.url, 'whoami', { cookie })).toMatchObject({ status: 401, kind: 'SessionRevoked' })
  })

  test('S06 no script of a page can read the session cookie', async () => {
    const { page } = await visit()
    await submit(page, ADA)
    await heading(page, 'You').waitFor()
    // The second one keeps strangers' guesses at this person's password apart from their own.
    expect(await page.context().cookies()).toMatchObject([
      { name: 'latchkey.session', httpOnly: true, sameSite: 'Lax' },
      { name: 'latchkey.device', httpOnly: true, sameSite: 'Lax' },
    ])
    expect(await page.evaluate(() => document.cookie)).toBe('')
  })

  test('signing out everywhere signs the other browser out too', async () => {
    const [here, there] = [await visit(), await visit({ userAgent: FIREFOX })]
    for (const { page } of [here, there]) {
      await submit(page, ADA)
      await heading(page, 'You').waitFor()
    }
    await open(here.page, 'Sessions')
    await here.page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await here.page.getByText('You are signed out on all your devices.').waitFor()
    await there.page.reload()
    await heading(there.page, 'Sign in').waitFor()
    expect([...here.problems, ...there.problems]).toEqual([])
  })

  test('the keyboard alone is enough to sign in, to walk the pages and to sign out', async () => {
    const { page, problems } = await visit()
    const press = (key: string) => page.keyboard.press(key)
    await page.getByLabel('E-mail').and(page.locator(':focus')).waitFor()
    await page.keyboard.type(ADA.email)
    await press('Tab')
    await page.keyboard.type(ADA.password)
    await press('Enter')
    await heading(page, 'You').waitFor()
    await tabTo(page, 'Members')
    await press('Enter')
    await heading(page, 'Members').and(page.locator(':focus')).waitFor()
    await page.goto('/')
    await heading(page, 'You').waitFor()
    await press('Tab')
    expect(await page.locator(':focus').innerText()).toBe('Skip to the content')
    await press('Enter')
    expect(await page.locator(':focus').getAttribute('id')).toBe('content')
    await page.goto('/')
    await heading(page, 'You').waitFor()
    await tabTo(page, 'Sign out')
    await press('Enter')
    await heading(page, 'Sign in').waitFor()
    expect(problems).toEqual([])
  })

  test.each(['light', 'dark'] as const)('on a phone no page is wider than the screen (%s)', async (colorScheme) => {
    const { page, problems } = await visit({ ...PHONE, colorScheme })
    await expectNoOverflow(page)
    await submit(page, ADA)
    await heading(page, 'You').waitFor()
    for (const name of ['Account', 'Members', 'Admin', 'Sessions', 'Tokens', 'API keys', 'You']) {
      await open(page, name)
      await page.waitForLoadState('networkidle')
      await expectNoOverflow(page)
    }
    await page.goto('/nowhere')
    await heading(page, 'There is no such page').waitFor()
    expect(problems).toEqual([])
  })

  test('a server that does not answer is told of, and signs nobody out', async () => {
    const { page } = await visit()
    await submit(page, ADA)
    await heading(page, 'You').waitFor()
    await page.route('**/trpc/**', (route) => route.abort())
    await page.getByRole('link', { name: 'Members' }).click()
    await page.getByRole('alert').getByText('The server does not answer.').waitFor()
    await page.unroute('**/trpc/**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('dmitri@example.com').waitFor()
  })
})

function heading(page: Page, name: string) {
  return page.getByRole('heading', { level: 1, name, exact: true })
}

async function submit(page: Page, { email, password }: { readonly email: string; readonly password: string }) {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function open(page: Page, name: string) {
  await page.getByRole('navigation').getByRole('link', { name }).click()
  await heading(page, name).waitFor()
}

/** Presses Tab until what has this name has the focus; whatever the keyboard can't reach never gets it. */
async function tabTo(page: Page, name: string) {
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press('Tab')
    if ((await page.locator(':focus').allInnerTexts())[0] === name) return
  }
  throw new Error(`30 Tabs did not reach "${name}"`)
}

async function expectNoOverflow(page: Page) {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
}
