import { memoryAdapter } from '@latchkey/core'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasBrowser, launchBrowser } from '../../../apps/demo/test/support/browser.ts'
import type { TestApp } from '../../../test/support/app.ts'
import type { PasskeyInfo } from '../src/index.ts'
import { buildPage, visit, type Visit } from './support/browser.ts'
import { startPasskeyApp } from './support/people.ts'

describe.skipIf(!hasBrowser)('in Chromium, with its virtual authenticator', () => {
  let browser: Browser
  let script: string
  let app: TestApp
  let one: Visit

  beforeAll(async () => {
    script = await buildPage()
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    app = await startPasskeyApp({ adapter: memoryAdapter() })
    one = await visit(browser, app.origin, script)
    await one.run(`return client.auth.signIn.mutate({ provider: 'name', id: 'ann' })`)
  })
  afterEach(async () => {
    await one?.page.context().close()
    await app?.stop()
  })

  const register = (name: string) =>
    one.run<PasskeyInfo>(`return passkeys.registerPasskey(client.auth, { name: ${JSON.stringify(name)} })`)
  const signOut = () => one.run(`return client.auth.signOut.mutate({})`)
  const signIn = (options: object = {}) =>
    one.run<{ status?: string; reason?: string; kind?: string }>(
      `return await passkeys.signInWithPasskey(client.auth, ${JSON.stringify(options)})`,
    )
  const whoAmI = () => one.run<string | null>(`return (await client.auth.session.query())?.user.id ?? null`)

  test('a person registers a passkey and signs in with it, with and without their address', async () => {
    expect(await one.run(`return passkeys.supportsPasskeys()`)).toBe(true)
    expect(await register('My laptop')).toMatchObject({ name: 'My laptop', lastUsedAt: null })
    expect(await one.count()).toBe(1)
    for (const options of [{}, { email: 'ann@example.com' }]) {
      await signOut()
      expect(await whoAmI()).toBeNull()
      expect(await signIn(options)).toMatchObject({ status: 'signedIn' })
      expect(await whoAmI()).toBe('ann')
    }
    expect(await one.run(`return client.guarded.query()`)).toMatchObject({ amr: ['hwk', 'user', 'mfa'] })
  })

  test('with autofill the person chooses without a dialog', async () => {
    expect(await one.run(`return passkeys.supportsPasskeyAutofill()`)).toBe(true)
    await register('My laptop')
    await signOut()
    await one.run(
      `const get = navigator.credentials.get
       navigator.credentials.get = (options) => { window.mediation = options.mediation; return get.call(navigator.credentials, options) }`,
    )
    expect(await signIn({ autofill: true })).toMatchObject({ status: 'signedIn' })
    expect(await one.run(`return mediation`)).toBe('conditional')
    expect(await whoAmI()).toBe('ann')
  })

  test('a dialog ends the waiting of autofill, and a signal does', async () => {
    await register('My laptop')
    await signOut()
    await one.touch(false)
    const begin = (more = '') =>
      one.run(
        `window.asked = Promise.withResolvers()
         const get = navigator.credentials.get
         navigator.credentials.get = (...args) => { asked.resolve(); return get.apply(navigator.credentials, args) }
         window.waiting = passkeys.signInWithPasskey(client.auth, { autofill: true ${more} }).catch((error) => error.reason)
         await asked.promise
         navigator.credentials.get = get`,
      )
    await begin()
    await one.touch(true)
    expect(await signIn()).toMatchObject({ status: 'signedIn' })
    await signOut()
    await one.touch(false)
    await one.run(`window.leaving = new AbortController()`)
    await begin(', signal: leaving.signal')
    expect(await one.run(`leaving.abort(); return waiting`)).toBe('cancelled')
    expect(await whoAmI()).toBeNull()
  })

  test('one device is registered once, and two devices side by side', async () => {
    await register('My laptop')
    expect(await register('Again')).toMatchObject({ name: 'PasskeyError', reason: 'alreadyRegistered' })
    const phone = await visit(browser, app.origin, script)
    await phone.page.context().addCookies(await one.page.context().cookies())
    await phone.run(`return passkeys.registerPasskey(client.auth, { name: 'My phone' })`)
    const list = await one.run<PasskeyInfo[]>(`return client.auth.passkey.list.query()`)
    expect(list.map(({ name }) => name)).toEqual(['My laptop', 'My phone'])
    const [laptop] = list
    expect(await one.run(`return client.auth.passkey.remove.mutate({ id: '${laptop?.id}' })`)).toEqual({
      removed: true,
    })
    await signOut()
    expect(await signIn()).toMatchObject({ kind: 'CredentialsSignin' })
    expect(await phone.run(`return passkeys.signInWithPasskey(client.auth)`)).toMatchObject({ status: 'signedIn' })
    await phone.page.context().close()
  })

  test('who doesn’t pass the authenticator’s check, or has no passkey, has cancelled', async () => {
    await signOut()
    expect(await signIn()).toMatchObject({ name: 'PasskeyError', reason: 'cancelled' })
    expect(await signIn({ email: 'nobody@example.com' })).toMatchObject({ reason: 'cancelled' })
    expect(await whoAmI()).toBeNull()
  })

  test('what the server refuses is the client’s error, with its kind', async () => {
    await signOut()
    expect(await register('My laptop')).toMatchObject({ kind: 'SessionRequired' })
    expect(await one.count()).toBe(0)
  })

  test('a browser without passkeys says so', async () => {
    await one.page.evaluate('delete window.PublicKeyCredential')
    expect(await one.run(`return passkeys.supportsPasskeys()`)).toBe(false)
    for (const call of ['registerPasskey(client.auth)', 'signInWithPasskey(client.auth)'])
      expect(await one.run(`return await passkeys.${call}`)).toMatchObject({ reason: 'notSupported' })
  })
})
