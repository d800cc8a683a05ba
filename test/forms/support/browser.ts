import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'

/** If there is no browser the tests are skipped by name; if one is promised (REQUIRE_SERVICES=1) they fail. */
export const hasBrowser: boolean = existsSync(CHROMIUM) || process.env.REQUIRE_SERVICES === '1'
if (!hasBrowser) console.warn(`${CHROMIUM} is not here (apt-get install chromium): the tests of forms are SKIPPED`)

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
  })
}

const HTML =
  '<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Form</title><div id="app"></div><script type="module" src="/main.js"></script></html>'

/** A page of an app whose server has none: every address but the server's own shows the script. */
export async function openPage(context: BrowserContext, origin: string, script: string): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  await page.route(`${origin}/**`, (route) => {
    const { pathname } = new URL(route.request().url())
    if (/^\/(?:auth|trpc)\//.test(pathname)) return route.continue()
    if (pathname === '/main.js') return route.fulfill({ contentType: 'text/javascript', body: script })
    return route.fulfill({ contentType: 'text/html', body: HTML })
  })
  return page
}
