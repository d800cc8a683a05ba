import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Who is in front of a browser of their own, on the page that both apps have. */
export interface Visitor {
  /** Opens the page. @returns which app has answered, and whom it names */
  readonly look: () => Promise<{ readonly app: string; readonly who: string }>
  /** Opens the page without running its scripts. */
  readonly glance: () => Promise<{ readonly app: string; readonly who: string }>
  /** Signs in with the password, in the form of the app that answers. */
  readonly signIn: () => Promise<void>
  /** Signs in with the other service. */
  readonly signInWithIdp: () => Promise<void>
  readonly signOut: () => Promise<void>
  /** The names of the session cookies that the browser has. */
  readonly cookies: () => Promise<readonly string[]>
}

export async function openVisitor(browser: Browser, url: string, name: string): Promise<Visitor> {
  const context = await browser.newContext()
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const email = `${name}@example.com`
  const open = () => page.goto(url, { waitUntil: 'commit' })
  return {
    look: async () => {
      await open()
      const who = await settled(page)
      // What the server has rendered, before the script asked.
      expect(await page.locator('#rendered').textContent()).toBe(who)
      return { app: (await page.locator('main').getAttribute('data-app')) ?? '', who }
    },
    glance: async () => {
      const html = await (await context.request.get(url)).text()
      const [, app = ''] = /data-app="(\w+)"/.exec(html) ?? []
      const [, who = ''] = /id="rendered">([^<]*)</.exec(html) ?? []
      return { app, who }
    },
    signIn: async () => {
      await open()
      await settled(page)
      await page.getByLabel('E-mail').fill(email)
      await page.getByLabel('Password').fill('right')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByText(email).first().waitFor()
    },
    signInWithIdp: async () => {
      await open()
      await settled(page)
      await page.getByRole('button', { name: 'Sign in with IdP' }).click()
      await page.getByText(email).first().waitFor()
    },
    signOut: async () => {
      await open()
      await settled(page)
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.locator('#who', { hasText: 'nobody' }).waitFor()
    },
    cookies: async () =>
      (await context.cookies()).map((cookie) => cookie.name).filter((found) => /session/.test(found)),
  }
}

/** The script has asked who it is. */
async function settled(page: Page): Promise<string> {
  await page.locator('#who:not(:empty)').waitFor()
  return (await page.locator('#who').textContent())?.split(' ')[0] ?? ''
}
