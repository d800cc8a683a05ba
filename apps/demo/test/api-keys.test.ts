import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, launchBrowser, openPage } from './support/browser.ts'
import { ADA, BEN, type Demo, makeDataFolder, startDemo, STRATEGIES } from './support/server.ts'

const run = promisify(execFile)

describe.skipIf(!hasBrowser).each(STRATEGIES)('API keys in the demo, in Chromium, sessions by %s', (strategy) => {
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

  const signIn = async ({ email, password }: { readonly email: string; readonly password: string }) => {
    const visitor = await openPage(browser, { baseURL: demo.url })
    const { page } = visitor
    await page.goto('/')
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('link', { name: 'API keys' }).click()
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor()
    return visitor
  }

  test('a person makes a key, sees it once, uses it with curl, and revokes it', async () => {
    const { page, problems } = await signIn(BEN)
    await page.getByText('You have no keys.').waitFor()
    await makeKey(page, 'nightly report')
    const command = await page.getByRole('region', { name: 'The command' }).innerText()
    expect(command).toMatch(new RegExp(`^curl ${demo.url}/trpc/members -H 'authorization: Bearer lk_[0-9A-Za-z]{36}'$`))
    expect(await shell(command)).toContain('dmitri@example.com')

    await page.reload()
    const row = page.getByRole('listitem').filter({ hasText: 'nightly report' })
    await row.getByText('used just now').waitFor()
    await row.getByText('members:read').waitFor()
    expect(await page.getByRole('region', { name: 'The command' }).count()).toBe(0)
    expect(await page.content()).not.toContain(readKey(command))

    expect(await shell(command.replace('/members', '/whoami'))).toContain('NotASession')
    expect(await shell(command.replace('/members', '/auth.apiKey.list'))).toContain('NotASession')

    await page.getByRole('button', { name: 'Revoke nightly report' }).click()
    await page.getByText('The key nightly report is revoked.').waitFor()
    await page.getByText('You have no keys.').waitFor()
    expect(await shell(command)).toContain('InvalidApiKey')
    expect(problems).toEqual([])
  })

  test('nobody sees another’s keys', async () => {
    const ada = await signIn(ADA)
    await makeKey(ada.page, 'of Ada')
    await ada.page.getByRole('button', { name: 'Revoke of Ada' }).waitFor()
    const ben = await signIn(BEN)
    await ben.page.getByText('You have no keys.').waitFor()
  })
})

async function makeKey(page: Page, name: string): Promise<void> {
  await page.getByLabel('What is it for?').fill(name)
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByText(`${name}: copy it now`).waitFor()
}

function readKey(command: string): string {
  return /lk_\w+/.exec(command)?.[0] ?? 'no key'
}

/** Runs what the page shows, as a person would. */
async function shell(command: string): Promise<string> {
  const { stdout } = await run('sh', ['-c', `${command} --silent --show-error`])
  return stdout
}
