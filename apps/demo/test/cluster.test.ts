import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, launchBrowser, openPage } from './support/browser.ts'
import { BEN, findFreePort } from './support/server.ts'

// The demo as two instances, as `npm run demo:cluster` starts it: in Chromium, with a PostgreSQL and a Redis of its own to kill.

const SCRIPT = fileURLToPath(new URL('../../../scripts/demo-cluster.mjs', import.meta.url))
const hasServices =
  process.env.REQUIRE_SERVICES === '1' ||
  (existsSync('/usr/lib/postgresql') && spawnSync('redis-server', ['--version']).status === 0)
if (!hasServices)
  console.warn("PostgreSQL's programs or redis-server are not here: the demo as two instances is SKIPPED")

describe.skipIf(!hasBrowser || !hasServices)('the demo as two instances', () => {
  let cluster: ChildProcess
  let url: string
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    const port = await findFreePort()
    url = `http://localhost:${port}`
    cluster = spawn(process.execPath, [SCRIPT], {
      env: { ...process.env, PORT: String(port), DEMO_ID_PORT: String(await findFreePort()) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await waitFor(cluster, 'Who can sign in')
    browser = await launchBrowser()
    page = (await openPage(browser, { baseURL: url })).page
    await page.goto('/')
    await page.getByLabel('E-mail').first().fill(BEN.email)
    await page.getByLabel('Password').first().fill(BEN.password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('link', { name: 'Machines' }).click()
  }, 300_000)

  afterAll(async () => {
    await browser?.close()
    if (!cluster || cluster.exitCode !== null) return
    cluster.kill('SIGTERM')
    await once(cluster, 'exit')
  })

  /** Waits until the latest answers come from these instances, and no others. */
  const answersFrom = (names: readonly string[]) =>
    expect
      .poll(async () => [...new Set((await page.locator('.answers li').allTextContents()).slice(0, 4))].toSorted(), {
        timeout: 60_000,
      })
      .toEqual(names)
  const press = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).click()
    const opposite = name.startsWith('Kill') ? name.replace('Kill', 'Start') : name.replace('Start', 'Kill')
    await page.getByRole('button', { name: opposite, exact: true }).waitFor({ timeout: 60_000 })
  }

  test('both answer, and know the session', { timeout: 120_000 }, () => answersFrom(['1', '2']))

  test(
    'X08 an end at one is refused at the other, and the page says after how long',
    { timeout: 120_000 },
    async () => {
      await page.getByRole('button', { name: 'Measure' }).click()
      await page
        .getByText(/^Signed out at instance \d, refused at instance \d after [\d.]+ ms$/)
        .waitFor({ timeout: 30_000 })
    },
  )

  test('X01 X02 whatever is killed, nobody is signed out', { timeout: 240_000 }, async () => {
    await press('Kill Redis')
    await press('Kill Instance 1')
    await answersFrom(['2'])
    await press('Kill PostgreSQL')
    // A young token needs no row.
    await answersFrom(['2'])
    await press('Start PostgreSQL')
    await press('Start Redis')
    await press('Start Instance 1')
    await answersFrom(['1', '2'])
    await page.reload()
    await page.getByRole('heading', { name: 'Machines' }).waitFor()
  })

  test('the buttons are for this page alone', async () => {
    const attempts = [{ headers: {} }, { headers: { origin: 'https://evil.example' } }].map(({ headers }) =>
      fetch(`${url}/cluster/kill/redis`, { method: 'POST', headers }),
    )
    expect((await Promise.all(attempts)).map(({ status }) => status)).toEqual([403, 403])
    const unknown = await fetch(`${url}/cluster/kill/__proto__`, { method: 'POST', headers: { origin: url } })
    expect(unknown.status).toBe(404)
  })
})

function waitFor(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.once('exit', (code) => reject(new Error(`the demo ended with ${code}:\n${output}`)))
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      if (output.includes(text)) resolve()
    })
  })
}
