import { afterEach, expect, test } from 'vitest'
import { hasBrowser, launchBrowser } from '../../client/test/support/browser.ts'
import { openScene, type Scene } from './support/scene.ts'

let scene: Scene
let close: () => Promise<void> = async () => {}
afterEach(async () => {
  await close()
  await scene.stop()
})

/** A real browser on a page of the app's. The provider is another site than `localhost`. */
async function openPage(options: Parameters<typeof openScene>[0]) {
  scene = await openScene(options)
  const browser = await launchBrowser()
  close = () => browser.close()
  const page = await (await browser.newContext()).newPage()
  page.setDefaultTimeout(15_000)
  await page.goto(`${scene.app.origin}/auth/providers`)
  /** Sends a request as a page of the app does. */
  const post = async (path: string, body: object) =>
    page.evaluate(
      async ([to, text]) => {
        const headers = { 'content-type': 'application/json' }
        const response = await fetch(`/auth/${to}`, { method: 'POST', headers, body: text })
        return (await response.json()) as Record<string, string>
      },
      [path, JSON.stringify(body)] as const,
    )
  const go = async (url: string | undefined) => {
    await page.goto(url ?? '')
    return new URL(page.url())
  }
  const whoAmI = async () => {
    await page.goto(`${scene.app.origin}/auth/session`)
    return JSON.parse(await page.locator('body').innerText()) as { user: { email: string } } | null
  }
  return { page, post, go, whoAmI }
}

test.skipIf(!hasBrowser).each(['query', 'form_post'] as const)(
  'O14 Chromium signs in and links an account, response mode %s',
  async (responseMode) => {
    const { post, go, whoAmI } = await openPage({ entry: { responseMode } })
    const signIn = await post('signin/op', { redirectTo: '/auth/providers?signed-in' })
    expect((await go(signIn.url)).search).toBe('?signed-in')
    expect(await whoAmI()).toMatchObject({ user: { email: 'ann@example.test' } })
    // Linking needs the session's cookie, which no request of the provider's page carries.
    const link = await post('oauth/link', { provider: 'op', redirectTo: '/auth/providers?linked' })
    expect((await go(link.url)).search).toBe('?linked')
  },
)
