import { TOTP } from 'otpauth'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, launchBrowser, openPage } from './support/browser.ts'
import { query } from './support/http.ts'
import { BEN, type Demo, makeDataFolder, startDemo, STRATEGIES } from './support/server.ts'

const PASSWORD = 'eleven-paper-lanterns'

describe.skipIf(!hasBrowser).each(STRATEGIES)(
  'ways to sign in to the demo, in Chromium, sessions by %s',
  (strategy) => {
    let folder: Awaited<ReturnType<typeof makeDataFolder>>
    let demo: Demo
    let browser: Browser

    beforeAll(async () => {
      folder = await makeDataFolder()
      demo = await startDemo({ strategy, dataFolder: folder.path })
      browser = await launchBrowser()
    })

    afterAll(async () => {
      await browser?.close()
      await demo?.stop()
      await folder?.remove()
    })

    const visit = async (path = '/') => {
      const visitor = await openPage(browser, { baseURL: demo.url })
      await visitor.page.goto(path)
      return visitor
    }
    /** Somebody new, signed up and signed in. */
    const signUp = async (email: string) => {
      const { page, problems } = await visit('/sign-up')
      await page.getByLabel('Name').fill('Nia Example')
      await page.getByLabel('E-mail').fill(email)
      await page.getByLabel('Password').fill(PASSWORD)
      await page.getByRole('button', { name: 'Create it' }).click()
      await page.getByText(`A mail is on its way to ${email}`).waitFor()
      await page.goto(await findLink(email, 'Confirm your address'))
      await page.getByRole('button', { name: 'This is my address' }).click()
      await heading(page, 'You').waitFor()
      return { page, problems, email }
    }
    /** The newest mail to an address with this subject. */
    const findMail = async (to: string, subject: string): Promise<string> => {
      for (let look = 0; look < 50; look++) {
        const { data } = await query(demo.url, 'mailbox')
        const mails = data as readonly { readonly to: string; readonly subject: string; readonly text: string }[] // what the procedure of this name returns
        const found = mails.find((mail) => mail.to === to && mail.subject === subject)
        if (found) return found.text
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      throw new Error(`no mail "${subject}" to ${to}`)
    }
    const findLink = async (to: string, subject: string) => /http\S+/.exec(await findMail(to, subject))?.[0] ?? ''
    const findCode = async (to: string, subject: string) => /\d{3} \d{3}/.exec(await findMail(to, subject))?.[0] ?? ''

    test('somebody signs up, confirms the address, signs out, and in with the password', async () => {
      const { page, problems, email } = await signUp('nia@example.com')
      await signOut(page)
      await page.getByLabel('E-mail').fill(email)
      await page.getByLabel('Password').fill('not-this-one')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('alert').getByText('do not belong together').waitFor()
      await page.getByLabel('Password').fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await heading(page, 'You').waitFor()
      expect(problems).toEqual(['401 auth.signIn'])
    })

    test('a common password is refused, and the page says why', async () => {
      const { page } = await visit('/sign-up')
      await page.getByLabel('Name').fill('Kim Example')
      await page.getByLabel('E-mail').fill('kim@example.com')
      await page.getByLabel('Password').fill('password123')
      await page.getByRole('button', { name: 'Create it' }).click()
      await page.getByRole('alert').getByText('too easy to guess').waitFor()
    })

    test('a forgotten password is reset by a link, which works once', async () => {
      const { page, email } = await signUp('forgetful@example.com')
      await signOut(page)
      await page.getByRole('link', { name: 'Forgot your password?' }).click()
      await page.getByLabel('E-mail').fill(email)
      await page.getByRole('button', { name: 'Send a link' }).click()
      await page.getByText('is on its way').waitFor()
      const link = await findLink(email, 'Choose another password')
      await page.goto(link)
      await page.getByLabel('New password').fill('a-better-one-this-time')
      await page.getByRole('button', { name: 'Change it' }).click()
      await heading(page, 'You').waitFor()
      const again = await visit(link.slice(demo.url.length))
      await again.page.getByLabel('New password').fill('somebody-else-chose-it')
      await again.page.getByRole('button', { name: 'Change it' }).click()
      await again.page.getByText('This link has expired, or was used.').waitFor()
    })

    test('a code that was mailed signs in', async () => {
      const { page, problems } = await visit()
      await page.getByRole('button', { name: 'Sign in by e-mail' }).click()
      await page.getByLabel('Your address').fill(BEN.email)
      await page.getByRole('button', { name: 'Send it' }).click()
      await page.getByLabel('Code').fill(await findCode(BEN.email, 'Your code for Latchkey demo'))
      await page.getByRole('button', { name: 'Sign in with the code' }).click()
      await heading(page, 'You').waitFor()
      expect(await page.getByText('Ben Okafor').count()).toBeGreaterThan(0)
      expect(problems).toEqual([])
    })

    test('a link that was mailed signs in once its button is pressed', async () => {
      const { page, problems } = await visit()
      await page.getByRole('button', { name: 'Sign in by e-mail' }).click()
      await page.getByLabel('Your address').fill(BEN.email)
      await page.getByLabel('a link').check()
      await page.getByRole('button', { name: 'Send it' }).click()
      await page.getByText('a link is on its way').waitFor()
      await page.goto(await findLink(BEN.email, 'Sign in to Latchkey demo'))
      await page.getByRole('button', { name: 'Sign in' }).click()
      await heading(page, 'You').waitFor()
      expect(problems).toEqual([])
    })

    test('Demo ID signs in somebody new, and the error page says that an address is taken', async () => {
      const { page } = await visit()
      await page.getByRole('button', { name: 'Sign in with Demo ID' }).click()
      await page.getByRole('button', { name: 'Grace Abara' }).click()
      await heading(page, 'You').waitFor()
      await page.getByText('grace@example.com').first().waitFor()
      const other = await visit()
      await other.page.getByRole('button', { name: 'Sign in with Demo ID' }).click()
      await other.page.getByRole('button', { name: 'Cancel' }).click()
      await other.page.getByRole('alert').getByText('you pressed Cancel').waitFor()
      await other.page.getByRole('button', { name: 'Sign in with Demo ID' }).click()
      await other.page.getByRole('button', { name: 'Hugo Unverified' }).click()
      await other.page.getByRole('alert').getByText('There is an account with this address already.').waitFor()
    })

    test('an account at Demo ID is linked, signs in, and is unlinked', async () => {
      const { page, email } = await signUp('linker@example.com')
      await open(page, 'Account')
      await page.getByRole('button', { name: 'Link it' }).click()
      await page.getByRole('button', { name: 'Hugo Unverified' }).click()
      await page.getByText('Linked to').waitFor()
      await signOut(page)
      await page.getByRole('button', { name: 'Sign in with Demo ID' }).click()
      await heading(page, 'You').waitFor()
      await page.getByText(email).first().waitFor()
      await open(page, 'Account')
      await page.getByRole('button', { name: 'Unlink' }).click()
      await page.getByText('It is no longer linked.').waitFor()
    })

    test('a passkey is added, signs in without an address, and is removed', async () => {
      const { page, email } = await signUp('passkey@example.com')
      await addAuthenticator(page)
      await open(page, 'Account')
      await page.getByLabel('Its name').fill('My phone')
      await page.getByRole('button', { name: 'Add a passkey' }).click()
      await page.getByText('You can sign in with it now.').waitFor()
      await signOut(page)
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await heading(page, 'Account').waitFor()
      await page.getByText(email).first().waitFor()
      await open(page, 'Account')
      await page.getByRole('button', { name: 'Remove My phone' }).click()
      await page.getByText('My phone is removed.').waitFor()
    })

    test('a second factor is set up, asked for, replaced once by a backup code, and turned off', async () => {
      const { page, email } = await signUp('careful@example.com')
      await open(page, 'Account')
      await page.getByRole('button', { name: 'Set it up' }).click()
      await page.getByRole('img', { name: 'QR code' }).waitFor()
      const totp = new TOTP({ secret: (await page.locator('.secret').innerText()).replaceAll(/\s/g, '') })
      await page.getByLabel('Code that the app shows').fill(totp.generate())
      await page.getByRole('button', { name: 'Turn it on' }).click()
      await page.getByRole('list', { name: 'Backup codes' }).waitFor()
      const codes = await page.getByRole('list', { name: 'Backup codes' }).getByRole('listitem').allInnerTexts()
      expect(codes).toHaveLength(10)
      await signOut(page)
      const enter = async () => {
        await page.getByLabel('E-mail').fill(email)
        await page.getByLabel('Password').fill(PASSWORD)
        await page.getByRole('button', { name: 'Sign in', exact: true }).click()
        await heading(page, 'One more step').waitFor()
      }
      await enter()
      await page.getByLabel('Code of your authenticator app').fill('000000')
      await page.getByRole('button', { name: 'Go on' }).click()
      await page.getByRole('alert').getByText('That is not the code.').waitFor()
      // The code of the next half minute: the one that turned it on was used.
      await page.getByLabel('Code of your authenticator app').fill(totp.generate({ timestamp: Date.now() + 30_000 }))
      await page.getByRole('button', { name: 'Go on' }).click()
      await heading(page, 'Account').waitFor()
      await signOut(page)
      await enter()
      await page.getByRole('button', { name: 'Use a backup code' }).click()
      await page.getByLabel('Backup code').fill(codes[0] ?? '')
      await page.getByRole('button', { name: 'Go on' }).click()
      await heading(page, 'Account').waitFor()
      await open(page, 'Account')
      await page.getByRole('button', { name: 'Turn it off' }).click()
      await page.getByText('You are no longer asked for a code.').waitFor()
    })

    test('the address is changed by a code, and the old one gets a notice', async () => {
      const { page, email } = await signUp('before@example.com')
      await open(page, 'Account')
      await page.getByLabel('New address').fill('after@example.com')
      await page.getByRole('region', { name: 'E-mail' }).getByRole('button', { name: 'Change it' }).click()
      await page
        .getByLabel('Code that was sent to')
        .fill(await findCode('after@example.com', 'Confirm this address for Latchkey demo'))
      await page.getByRole('button', { name: 'Confirm' }).click()
      await page.getByText('Your address is after@example.com now.').waitFor()
      expect(await findMail(email, 'Your Latchkey demo account has a new address')).toContain(
        'now has another e-mail address',
      )
    })

    test('somebody takes their data along and deletes the account', async () => {
      const { page, email } = await signUp('leaving@example.com')
      await open(page, 'Account')
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download it' }).click(),
      ])
      expect(file.suggestedFilename()).toBe('latchkey-demo.json')
      await page.getByRole('button', { name: 'Delete the account' }).click()
      await page.getByRole('button', { name: 'Delete it' }).click()
      await heading(page, 'Sign in').waitFor()
      await page.getByText('Your account is deleted.').waitFor()
      await page.getByLabel('E-mail').fill(email)
      await page.getByLabel('Password').fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('alert').getByText('do not belong together').waitFor()
    })
  },
)

describe.skipIf(!hasBrowser)('a sign-in of a while ago, in Chromium', () => {
  test('is asked for again by a dialog, and the refused call is repeated', async () => {
    const folder = await makeDataFolder()
    const demo = await startDemo({ strategy: 'jwt', dataFolder: folder.path, env: { FRESH_AGE: '2' } })
    const browser = await launchBrowser()
    try {
      const { page } = await openPage(browser, { baseURL: demo.url })
      await page.goto('/account')
      await page.getByLabel('E-mail').fill(BEN.email)
      await page.getByLabel('Password').fill(BEN.password)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await heading(page, 'Account').waitFor()
      await new Promise((resolve) => setTimeout(resolve, 3_000))
      await page.getByRole('button', { name: 'Set it up' }).click()
      const dialog = page.getByRole('dialog', { name: 'Is it you?' })
      await dialog.getByLabel('Password').fill('not-this-one')
      await dialog.getByRole('button', { name: 'Go on' }).click()
      await dialog.getByText('do not belong together').waitFor()
      await dialog.getByLabel('Password').fill(BEN.password)
      await dialog.getByRole('button', { name: 'Go on' }).click()
      await page.getByRole('img', { name: 'QR code' }).waitFor()
      await dialog.waitFor({ state: 'hidden' })
    } finally {
      await browser.close()
      await demo.stop()
      await folder.remove()
    }
  })
})

function heading(page: Page, name: string) {
  return page.getByRole('heading', { level: 1, name, exact: true })
}

async function open(page: Page, name: string) {
  await page.getByRole('navigation').getByRole('link', { name }).click()
  await heading(page, name).waitFor()
}

async function signOut(page: Page) {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await heading(page, 'Sign in').waitFor()
}

/** A device with a fingerprint sensor, as Chromium's DevTools pretend it. */
async function addAuthenticator(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return session
}
