import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { memoryAdapter } from '@latchkey/core'
import { emailCode } from '@latchkey/email'
import { passkey } from '@latchkey/passkey'
import { expect, test } from 'vitest'
import { hasBrowser, launchBrowser } from '../../apps/demo/test/support/browser.ts'
import { buildScript, visit } from '../../packages/passkey/test/support/browser.ts'
import { startApp } from '../support/app.ts'
import { readBlocks } from './support/blocks.ts'
import { COMPILED } from './support/compile.ts'

/** Beside the folders in which pages are compiled. */
const FOLDER = join(COMPILED, '../compiled-passkeys')

/** What an app's own page has: the form, and behind it the account page. */
const MAIN = `
import { createElement, useCallback, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { Passkeys } from './passkeys.tsx'
import { SignInForm } from './sign-in-form.tsx'

function App() {
  const [isIn, setIn] = useState(false)
  const onSignedIn = useCallback(() => setIn(true), [])
  return isIn ? createElement(Passkeys) : createElement(SignInForm, { onSignedIn })
}
createRoot(document.body.appendChild(document.createElement('div'))).render(createElement(App))
`

test.skipIf(!hasBrowser)(
  'the form of docs/passkeys.md works, as it stands in the page',
  { timeout: 60_000 },
  async () => {
    for (const { file, code } of readBlocks('docs/passkeys.md')) if (file?.startsWith('client/')) write(file, code)
    write('client/main.ts', MAIN)
    const script = await buildScript(join(FOLDER, 'client/main.ts'))
    rmSync(FOLDER, { recursive: true, force: true })
    const codes: string[] = []
    const plugins = [passkey({ rpName: 'Acme' }), emailCode({ send: ({ code }) => codes.push(code) })]
    const app = await startApp({ adapter: memoryAdapter(), plugins })
    const browser = await launchBrowser()
    try {
      const { page, touch } = await visit(browser, app.origin, script)
      // Otherwise the authenticator answers for the suggestions as soon as the page is there.
      await touch(false)
      await page.getByLabel('E-mail address').fill('ann@example.com')
      await page.getByRole('button', { name: 'Send me a code' }).click()
      await page.getByLabel('Code').fill('0')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByText('That did not work').waitFor()
      await page.getByLabel('Code').fill(codes[0] ?? '')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('heading', { name: 'Passkeys' }).waitFor()
      await touch(true)
      await page.getByRole('button', { name: 'Add a passkey' }).click()
      await page.getByText('Passkey, last used: never').waitFor()
      await page.getByRole('button', { name: 'Add a passkey' }).click()
      await page.getByText('This device has a passkey already.').waitFor()
      await page.context().clearCookies()
      // Otherwise the authenticator, which answers at once now, would answer for the suggestions before the button is pressed.
      await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false')
      await page.reload()
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await page.getByText('Passkey, last used').waitFor()
      expect(await page.getByText('never').count()).toBe(0)
    } finally {
      await browser.close()
      await app.stop()
    }
  },
)

function write(path: string, text: string): void {
  mkdirSync(dirname(join(FOLDER, path)), { recursive: true })
  writeFileSync(join(FOLDER, path), text)
}
