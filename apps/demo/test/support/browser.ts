import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'

/** If there is no browser the tests are skipped by name; if one is promised (REQUIRE_SERVICES=1) they fail. */
export const hasBrowser: boolean = existsSync(CHROMIUM) || process.env.REQUIRE_SERVICES === '1'
if (!hasBrowser) console.warn(`${CHROMIUM} is not here (apt-get install chromium): the demo's journeys are SKIPPED`)

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A page in a browser of its own (cookies are not shared), and everything in it that went wrong. */
export interface Visitor {
  readonly page: Page
  /** Refused and failed requests as `401 auth.signIn`, and whatever else the console reports as an error. */
  readonly problems: readonly string[]
}

export async function openPage(browser: Browser, options: BrowserContextOptions): Promise<Visitor> {
  const context = await browser.newContext(options)
  // Less than a test may take, so that it says what it waited for.
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const problems: string[] = []
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${nameOf(response.url())}`)
  })
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'failed'
    // Whoever leaves a page before it is complete doesn't wait for the rest.
    if (reason !== 'net::ERR_ABORTED') problems.push(`${reason} ${nameOf(request.url())}`)
  })
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    // Chromium repeats every response of 400 and more there, which is listed above.
    const isEcho = message.text().startsWith('Failed to load resource')
    if (['error', 'warning'].includes(message.type()) && !isEcho) problems.push(message.text())
  })
  return { page, problems }
}

function nameOf(url: string): string {
  return new URL(url).pathname.replace('/trpc/', '')
}
