import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, launchBrowser, openPage } from './support/browser.ts'
import { BEN, type Demo, makeDataFolder, startDemo, STRATEGIES } from './support/server.ts'

describe.skipIf(!hasBrowser).each(STRATEGIES)('the page Tokens in Chromium, sessions by %s', (strategy) => {
  let folder: Awaited<ReturnType<typeof makeDataFolder>>
  let demo: Demo
  let browser: Browser

  beforeAll(async () => {
    folder = await makeDataFolder()
    demo = await startDemo({ strategy, dataFolder: folder.path, env: { ACCESS_TOKEN_MAX_AGE: '4' } })
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
    await folder?.remove()
  })

  /** Somebody with a token session, in one tab; another tab of the same browser opens beside it. */
  async function begin() {
    const { page, problems } = await openPage(browser, { baseURL: demo.url })
    await page.goto('/tokens')
    await page.getByLabel('E-mail').fill(BEN.email)
    await page.getByLabel('Password').fill(BEN.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Tokens' }).waitFor()
    await page.getByLabel('Password').fill(BEN.password)
    await page.getByRole('button', { name: 'Begin' }).click()
    await page.getByRole('heading', { name: 'The access token' }).waitFor()
    const openSecond = async () => {
      const second = await page.context().newPage()
      await second.goto('/tokens')
      await second.getByRole('heading', { name: 'The access token' }).waitFor()
      return second
    }
    return { page, problems, openSecond }
  }

  test('R11: the access token runs down, and 20 calls at once cost one refresh', async () => {
    const { page, problems } = await begin()
    await page.getByLabel('Be told of changes').uncheck()
    await page.getByText('It has expired.').waitFor()
    const before = await refreshesOf(page)
    await page.getByRole('button', { name: '20 calls at once' }).click()
    await page.getByText('20 of 20 calls were answered, with one refresh by this tab.').waitFor()
    expect((await refreshesOf(page)) - before).toBe(1)
    expect(problems).toEqual([])
  })

  test('R9: two tabs share the tokens, and one refresh does for both', async () => {
    const { page, openSecond, problems } = await begin()
    const second = await openSecond()
    for (const tab of [page, second]) await tab.getByLabel('Be told of changes').uncheck()
    await page.getByText('It has expired.').waitFor()
    await second.getByText('It has expired.').waitFor()
    const before = (await refreshesOf(page)) + (await refreshesOf(second))
    const button = { name: '20 calls at once' }
    await Promise.all([page.getByRole('button', button).click(), second.getByRole('button', button).click()])
    await Promise.all([page, second].map((tab) => tab.getByText('20 of 20 calls were answered').waitFor()))
    expect((await refreshesOf(page)) + (await refreshesOf(second)) - before).toBe(1)
    expect(await page.getByTestId('access-token').innerText()).toBe(
      await second.getByTestId('access-token').innerText(),
    )
    expect(problems).toEqual([])
  })

  test('a stream outlives the access token', async () => {
    const { page, problems } = await begin()
    const first = await page.getByTestId('access-token').innerText()
    await page.getByTestId('access-token').filter({ hasNotText: first }).waitFor()
    await page.getByText(/s left$/).waitFor()
    expect(problems).toEqual([])
  })

  test('R9: a stolen refresh token is refused, and both tabs are told', async () => {
    const { page, openSecond } = await begin()
    const second = await openSecond()
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByText('The copy was refused: TokenReuse. The session is over, for the thief and for you.').waitFor()
    await second.getByRole('heading', { name: 'Begin a token session' }).waitFor()
    await page.getByRole('button', { name: 'Begin' }).waitFor()
  })

  test('a session that was ended elsewhere is told in every tab, without a call of theirs', async () => {
    const { page, openSecond } = await begin()
    const second = await openSecond()
    await page.getByRole('button', { name: 'End it from the other session' }).click()
    await page.getByText(/It was ended elsewhere\. This tab knew \d+ ms after the button was pressed\./).waitFor()
    await second.getByRole('heading', { name: 'Begin a token session' }).waitFor()
  })

  test('signing out in one tab is told in the other', async () => {
    const { page, openSecond } = await begin()
    const second = await openSecond()
    await page.getByRole('button', { name: 'End the token session' }).click()
    await page.getByText('You signed out of it.').waitFor()
    await second.getByText('Another tab signed out of it.').waitFor()
  })
})

async function refreshesOf(page: Page): Promise<number> {
  return Number(await page.getByTestId('refreshes').innerText())
}
