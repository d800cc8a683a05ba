import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { build, type Rolldown } from 'vite'

/** A page of the app, with the client on its window and an authenticator of its own. */
export interface Visit {
  readonly page: Page
  /** Whether the person touches the authenticator as soon as it is asked for. */
  readonly touch: (enabled: boolean) => Promise<unknown>
  /** Whether the person passes the authenticator's check. */
  readonly verify: (verified: boolean) => Promise<unknown>
  /** How many passkeys the authenticator has. */
  readonly count: () => Promise<number>
  /** Runs a script in the page: what it returned, or why it failed. */
  readonly run: <T>(script: string) => Promise<T>
}

/** Bundles the page's script, from the sources. */
export function buildPage(): Promise<string> {
  return buildScript(fileURLToPath(new URL('page.ts', import.meta.url)))
}

export async function buildScript(input: string): Promise<string> {
  const result = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['latchkey-source', 'browser', 'module'] },
    build: {
      write: false,
      rollupOptions: { input },
    },
  })) as Rolldown.RolldownOutput // one configuration, not watched
  return result.output[0].code
}

/** Opens a page of the app in a browser with no cookies. */
export async function visit(browser: Browser, origin: string, script: string): Promise<Visit> {
  const context = await browser.newContext()
  const page = await openPage(context, origin, script)
  const session = await context.newCDPSession(page)
  const authenticatorId = await addAuthenticator(session)
  return {
    page,
    touch: (enabled) => session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
    verify: (isUserVerified) => session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    count: async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    run: (code) => page.evaluate(`(async () => { ${code} })().catch(${READ_ERROR})`),
  }
}

/** Errors don't cross to the test with what they say of themselves. */
const READ_ERROR = '({ name, reason, data }) => ({ name, reason, kind: data?.kind })'

async function openPage(context: BrowserContext, origin: string, script: string): Promise<Page> {
  const page = await context.newPage()
  const body =
    '<!doctype html><title>Sign in</title><input autocomplete="username webauthn"><script type="module" src="/page.js"></script>'
  await page.route(`${origin}/page`, (route) => route.fulfill({ contentType: 'text/html', body }))
  await page.route(`${origin}/page.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: script }))
  await page.goto(`${origin}/page`)
  return page
}

async function addAuthenticator(session: CDPSession): Promise<string> {
  await session.send('WebAuthn.enable', { enableUI: false })
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return authenticatorId
}
