import { memoryAdapter } from '@latchkey/core'
import { emailCode } from '@latchkey/email'
import { totp } from '@latchkey/totp'
import { TOTP } from 'otpauth'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createMailbox } from '../../packages/email/test/support/mailbox.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { hasBrowser, launchBrowser, openPage } from './support/browser.ts'
import { compileForms } from './support/compile-forms.ts'

const MAIN = `
import { useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { SetUpForm } from './client/set-up-form.tsx'
import { SignIn } from './client/sign-in.tsx'
import { trpc } from './client/trpc.ts'

function App() {
  const [who, setWho] = useState(null)
  const look = () => void trpc.auth.session.query().then((session) => setWho(session?.user.email ?? ''))
  useEffect(look, [])
  if (who === null) return null
  return who ? <><p>You are signed in as {who}.</p><SetUpForm /></> : <SignIn onSignedIn={look} />
}
createRoot(document.getElementById('app')).render(<App />)
`

const EMAIL = 'ann@example.com'

let browser: Browser
let script: string
const apps: TestApp[] = []

beforeAll(async () => {
  if (hasBrowser) [browser, script] = await Promise.all([launchBrowser(), compileForms('docs/totp.md', MAIN)])
})
afterAll(() => browser?.close())
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop()
})

async function open() {
  const mailbox = createMailbox()
  const plugins = [emailCode({ send: mailbox.send }), totp({ issuer: 'Notes' })]
  const app = await startApp({ adapter: memoryAdapter(), plugins })
  apps.push(app)
  /** The first step, in a browser of its own. */
  const enter = async () => {
    const page = await openPage(await browser.newContext(), app.origin, script)
    await page.goto(app.origin)
    await page.getByLabel('E-mail').fill(EMAIL)
    await page.getByRole('button', { name: 'Continue' }).click()
    const { code } = await mailbox.take('code', EMAIL)
    await page.getByLabel('The code that we sent you').fill(code)
    await page.getByRole('button', { name: 'Continue' }).click()
    return page
  }
  return { enter }
}

describe.skipIf(!hasBrowser)('the forms of docs/totp.md, in Chromium', () => {
  test('a second factor is set up, asked for, and replaced by a backup code', async () => {
    const { enter } = await open()
    const page = await enter()
    await page.getByRole('button', { name: 'Set up a second factor' }).click()
    await page.getByRole('img', { name: 'QR code' }).waitFor()
    const authenticator = new TOTP({ secret: await page.locator('code').innerText() })
    const field = page.getByLabel('The code that it shows')
    await field.fill(authenticator.generate() === '000000' ? '111111' : '000000')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('alert').getByText('That code is not right.').waitFor()
    await field.fill(authenticator.generate())
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('heading', { name: 'Your backup codes' }).waitFor()
    const [backup = ''] = await page.getByRole('listitem').allInnerTexts()

    const again = await enter()
    // That of the next half minute: the one before was used to set it up.
    await again
      .getByLabel('The code of your authenticator app')
      .fill(authenticator.generate({ timestamp: Date.now() + 30_000 }))
    await again.getByRole('button', { name: 'Sign in' }).click()
    await again.getByText(`You are signed in as ${EMAIL}.`).waitFor()

    const elsewhere = await enter()
    await elsewhere.getByRole('button', { name: 'Use a backup code' }).click()
    await elsewhere.getByLabel('A backup code').fill(backup)
    await elsewhere.getByRole('button', { name: 'Sign in' }).click()
    await elsewhere.getByText(`You are signed in as ${EMAIL}.`).waitFor()
    expect(backup).not.toBe('')
  })
})
