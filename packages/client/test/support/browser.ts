import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { build } from 'vite'
import type { TestPage } from '../browser/page.tsx'
import { type App, type AppOptions, openApp } from './app.ts'

const CHROMIUM = '/usr/bin/chromium'

/** If there is no browser the tests are skipped by name; if one is promised (REQUIRE_SERVICES=1) they fail. */
export const hasBrowser: boolean = existsSync(CHROMIUM) || process.env.REQUIRE_SERVICES === '1'
if (!hasBrowser)
  console.warn(`${CHROMIUM} is not here (apt-get install chromium): the tests with tabs and React are SKIPPED`)

export function launchBrowser(): Promise<Browser> {
  const args = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  return chromium.launch({ executablePath: CHROMIUM, args })
}

/** The page as an app's bundler would make it. */
export async function bundlePage(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    define: { 'process.env.NODE_ENV': '"production"' },
    // vitest sets NODE_ENV, by which vite would take this for development.
    oxc: { jsx: { runtime: 'automatic', development: false } },
    resolve: { conditions: ['latchkey-source', 'module', 'browser', 'import', 'default'] },
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL('../browser/page.tsx', import.meta.url)), formats: ['es'], fileName: 'page' },
    },
  })
  const [bundle] = [result].flat()
  if (!bundle || !('output' in bundle)) throw new Error('vite watches instead of building')
  return bundle.output[0].code
}

/** An app with the page in it, and one person's browser. */
export async function openBrowserApp(browser: Browser, bundle: string, options: AppOptions = {}) {
  const pages = new Map([
    [
      '/',
      {
        type: 'text/html',
        body: '<!doctype html><link rel="icon" href="data:,"><div id="app"></div><script type="module" src="/page.js"></script>',
      },
    ],
    ['/page.js', { type: 'text/javascript', body: bundle }],
  ])
  const app = await openApp({ ...options, pages })
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  return { app, context, open: (query: string) => openTab(app, context, query) }
}

export interface Tab {
  readonly page: Page
  /** The text of the element with this id; null if there is none. */
  readonly text: (id: string) => Promise<string | null>
  /** Waits until it is this. */
  readonly shows: (id: string, text: string) => Promise<void>
  readonly click: (id: string) => Promise<void>
  /** Calls what the page hands its tests. */
  readonly run: <TName extends keyof TestPage>(
    name: TName,
    ...input: Parameters<TestPage[TName]>
  ) => Promise<Awaited<ReturnType<TestPage[TName]>>>
  readonly problems: readonly string[]
}

async function openTab(app: App, context: BrowserContext, query: string): Promise<Tab> {
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  await page.goto(`${app.origin}/?${query}`)
  await page.waitForFunction(() => 'page' in window)
  return {
    page,
    problems,
    text: (id) =>
      page
        .locator(`#${id}`)
        .textContent({ timeout: 1_000 })
        .catch(() => null),
    shows: (id, text) => page.locator(`#${id}`, { hasText: new RegExp(`^${text}$`) }).waitFor({ state: 'attached' }),
    click: (id) => page.locator(`#${id}`).dispatchEvent('click'),
    run: (name, ...input) =>
      page.evaluate(
        ([name, input]) => {
          const { page } = window as unknown as { readonly page: Record<string, (...input: unknown[]) => unknown> } // set by page.tsx
          return page[name]!(...input)
        },
        [name as string, input as unknown[]] as const,
      ) as never, // what the function of this name returns
  }
}
