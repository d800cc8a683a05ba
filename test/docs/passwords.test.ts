import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { memoryAdapter } from '@latchkey/core'
import { password, type PasswordMail } from '@latchkey/password'
import { expect, test } from 'vitest'
import { hasBrowser, launchBrowser } from '../../apps/demo/test/support/browser.ts'
import { buildScript } from '../../packages/passkey/test/support/browser.ts'
import { startApp } from '../support/app.ts'
import { readBlocks } from './support/blocks.ts'
import { COMPILED } from './support/compile.ts'

/** Beside the folders in which pages are compiled. */
const FOLDER = join(COMPILED, '../compiled-passwords')

const MAIN = `
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './pages.tsx'

createRoot(document.body.appendChild(document.createElement('div'))).render(createElement(App))
`

test.skipIf(!hasBrowser)(
  'the forms of docs/passwords.md work, as they stand in the page',
  { timeout: 120_000 },
  async () => {
    for (const { file, code } of readBlocks('docs/passwords.md')) if (file?.startsWith('client/')) write(file, code)
    write('client/main.ts', MAIN)
    const script = await buildScript(join(FOLDER, 'client/main.ts'))
    rmSync(FOLDER, { recursive: true, force: true })
    const mails: PasswordMail[] = []
    const plugins = [password({ send: (mail) => void mails.push(mail), words: ['notes'] })]
    const app = await startApp({ adapter: memoryAdapter(), plugins })
    const browser = await launchBrowser()
    const readLink = async (type: string) => {
      await expect.poll(() => mails.some((mail) => mail.type === type)).toBe(true)
      const mail = mails.findLast((found) => found.type === type)
      return mail && 'url' in mail ? mail.url : ''
    }
    try {
      const context = await browser.newContext()
      const page = await context.newPage()
      const body = '<!doctype html><title>Notes</title><body><script type="module" src="/page.js"></script>'
      await page.route(/^[^?]*\/(?:|verify-email|reset-password)(?:#.*)?$/, (route) =>
        route.fulfill({ contentType: 'text/html', body }),
      )
      await page.route('**/page.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }))

      await page.goto(app.origin)
      const signUp = page.locator('form', { hasText: 'Name' })
      await signUp.getByLabel('Name').fill('Ann')
      await signUp.getByLabel('E-mail').fill('ann@example.com')
      await signUp.getByLabel('Password').fill('password')
      await signUp.getByRole('button').click()
      await page.getByText('easy to guess').waitFor()
      await signUp.getByLabel('Name').fill('Ann')
      await signUp.getByLabel('E-mail').fill('ann@example.com')
      await signUp.getByLabel('Password').fill('correct horse battery staple')
      await signUp.getByRole('button').click()
      await page.getByText('Look into your mail').waitFor()

      await page.goto(await readLink('verifyEmail'))
      await page.getByRole('button', { name: 'Finish signing up' }).click()
      await page.getByLabel('Your password now').fill('correct horse battery staple')
      await page.getByLabel('Password', { exact: true }).fill('seven purple elephants dancing')
      await page.getByRole('button', { name: 'Change the password' }).click()
      await page.getByText('signed out everywhere else').waitFor()

      await context.clearCookies()
      await page.goto(app.origin)
      const signIn = page.locator('form', { hasText: 'Sign in' })
      await signIn.getByLabel('E-mail').fill('ann@example.com')
      await signIn.getByLabel('Password').fill('correct horse battery staple')
      await signIn.getByRole('button').click()
      await page.getByText('do not belong together').waitFor()
      const forgot = page.locator('form', { hasText: 'Forgot' })
      await forgot.getByLabel('E-mail').fill('ann@example.com')
      await forgot.getByRole('button').click()
      await page.getByText('a mail is on its way').waitFor()

      await page.goto(await readLink('resetPassword'))
      await page.getByLabel('Password').fill('nine green lamps in a row')
      await page.getByRole('button', { name: 'Save the new password' }).click()
      await page.getByRole('button', { name: 'Change the password' }).waitFor()
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
