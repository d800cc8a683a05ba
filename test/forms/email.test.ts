import { memoryAdapter } from '@latchkey/core'
import { changeEmail, emailCode, magicLink } from '@latchkey/email'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createMailbox } from '../../packages/email/test/support/mailbox.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { hasBrowser, launchBrowser, openPage } from './support/browser.ts'
import { compileForms } from './support/compile-forms.ts'

const MAIN = `
import { createRoot } from 'react-dom/client'
import { App, SessionProvider, useSession } from './client/app.tsx'
import { ChangeAddress } from './client/change-address.tsx'
import { SignInWithLink } from './client/sign-in-with-link.tsx'
import { auth, client } from './client/trpc.ts'
import { WelcomeBack } from './client/welcome-back.tsx'

const forms = { '/link': SignInWithLink, '/change': ChangeAddress, '/welcome-back': WelcomeBack }
const Form = forms[location.pathname]
const Who = () => <p id="who">{useSession().session?.user.email}</p>
createRoot(document.getElementById('app')).render(
  Form ? <SessionProvider auth={auth} client={client}><Form /><Who /></SessionProvider> : <App />,
)
`

let browser: Browser
let script: string
const apps: TestApp[] = []

beforeAll(async () => {
  if (hasBrowser) [browser, script] = await Promise.all([launchBrowser(), compileForms('docs/email.md', MAIN)])
})
afterAll(() => browser?.close())
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop()
})

async function open(page?: string) {
  const mailbox = createMailbox()
  const { send } = mailbox
  const plugins = [emailCode({ send }), magicLink({ send, ...(page && { page }) }), changeEmail({ send })]
  const app = await startApp({ adapter: memoryAdapter(), plugins })
  apps.push(app)
  /** A browser of its own, at this path. */
  const visit = async (path: string) => {
    const tab = await openPage(await browser.newContext(), app.origin, script)
    await tab.goto(app.origin + path)
    return tab
  }
  return { ...app, mailbox, visit }
}

const EMAIL = 'ann@example.com'

describe.skipIf(!hasBrowser)('the forms of docs/email.md, in Chromium', () => {
  test('a code', async () => {
    const { mailbox, visit } = await open()
    const page = await visit('/')
    await page.getByLabel('E-mail').fill(EMAIL)
    await page.getByRole('button', { name: 'Send me a code' }).click()
    const { code } = await mailbox.take('code', EMAIL)
    const field = page.getByLabel(`The code that we have sent to ${EMAIL}`)
    expect(await field.inputValue()).toBe('')
    await field.fill(code === '000000' ? '111111' : '000000')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('That code is not right').waitFor()
    await field.fill(code)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText(`You are signed in as ${EMAIL}.`).waitFor()
  })

  test('a link, whose page has a button', async () => {
    const { mailbox, visit, origin } = await open()
    const page = await visit('/link')
    await page.getByLabel('E-mail').fill(EMAIL)
    await page.getByRole('button', { name: 'Send me a link' }).click()
    const { url } = await mailbox.take('link', EMAIL)
    await page.goto(url)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${origin}/inbox`)
    // What a redirect leads to comes from the server, which has no pages.
    await page.goto(origin)
    await page.getByText(`You are signed in as ${EMAIL}.`).waitFor()
  })

  test('a link that was opened elsewhere shows a code', async () => {
    const { mailbox, visit } = await open()
    const page = await visit('/link')
    await page.getByLabel('E-mail').fill(EMAIL)
    await page.getByRole('button', { name: 'Send me a link' }).click()
    const { url } = await mailbox.take('link', EMAIL)
    const phone = await visit('/nothing')
    await phone.goto(url)
    const code = await phone.locator('.code [aria-hidden]').textContent()
    await page.getByLabel('Type it here').fill(code ?? '')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.locator('#who', { hasText: EMAIL }).waitFor()
  })

  test('a page of the app confirms a link', async () => {
    const { mailbox, visit, origin } = await open('/welcome-back')
    const page = await visit('/link')
    await page.getByLabel('E-mail').fill(EMAIL)
    await page.getByRole('button', { name: 'Send me a link' }).click()
    const { url } = await mailbox.take('link', EMAIL)
    const phone = await visit('/nothing')
    await phone.goto(url)
    await phone.getByText(/Type this code where you asked for the link: \d{6}/).waitFor()
    await page.goto(url)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${origin}/inbox`)
    await page.getByText(`You are signed in as ${EMAIL}.`).waitFor()
  })

  test('a change of address', async () => {
    const { mailbox, visit, origin } = await open()
    const page = await visit('/')
    await page.getByLabel('E-mail').fill(EMAIL)
    await page.getByRole('button', { name: 'Send me a code' }).click()
    await page.getByLabel('The code').fill((await mailbox.take('code', EMAIL)).code)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('You are signed in').waitFor()
    await page.goto(`${origin}/change`)
    await page.getByLabel('New e-mail address').fill('new@example.com')
    await page.getByRole('button', { name: 'Send me a code' }).click()
    await page.getByLabel('The code').fill((await mailbox.take('changeCode', 'new@example.com')).code)
    await page.getByRole('button', { name: 'Change my address' }).click()
    await page.getByText('Your address has changed.').waitFor()
    await page.goto(origin)
    await page.getByText('You are signed in as new@example.com.').waitFor()
  })

  test('T15 the page of a link obeys its own policy', async () => {
    const { mailbox, visit } = await open()
    const page = await visit('/link')
    const problems: string[] = []
    page.on('console', (message) => problems.push(message.text()))
    await page.getByLabel('E-mail').fill(EMAIL)
    await page.getByRole('button', { name: 'Send me a link' }).click()
    await page.goto((await mailbox.take('link', EMAIL)).url)
    const color = await page.getByRole('button').evaluate((button) => getComputedStyle(button).backgroundColor)
    expect([color, problems]).toEqual(['rgb(29, 78, 216)', []])
  })
})
