import { describe, expect, test } from 'vitest'
import { AuthError } from '../../src/errors.ts'
import { makeAuth } from '../support/auth.ts'
import { createBrowser, readJson } from '../support/browser.ts'

const BASE = 'https://app.example'

/** Whether a page of `origin` may sign out if `entry` is trusted. */
async function isTrusted(entry: string, origin: string): Promise<boolean> {
  const auth = makeAuth({ baseUrl: BASE, trustedOrigins: [entry] })
  const { status } = await createBrowser(auth).post('/auth/signout', {}, { origin })
  expect([200, 403]).toContain(status)
  return status === 200
}

describe('M40 what is not http is compared as text', () => {
  test.each([
    { entry: 'capacitor://localhost', origin: 'capacitor://localhost', trusted: true },
    { entry: 'ionic://localhost', origin: 'ionic://localhost', trusted: true },
    { entry: 'tauri://localhost', origin: 'tauri://localhost', trusted: true },
    { entry: 'tauri://localhost/', origin: 'tauri://localhost', trusted: true },
    { entry: 'exp://192.168.1.7:8081', origin: 'exp://192.168.1.7:8081', trusted: true },
    {
      entry: 'chrome-extension://aeblfdkhhhdcdjpifhhbdiojplfjncoa',
      origin: 'chrome-extension://aeblfdkhhhdcdjpifhhbdiojplfjncoa',
      trusted: true,
    },
    { entry: 'capacitor://localhost', origin: 'capacitor://localhost.evil', trusted: false },
    { entry: 'capacitor://localhost', origin: 'capacitor://localhost:8080', trusted: false },
    { entry: 'capacitor://localhost', origin: 'http://localhost', trusted: false },
    { entry: 'capacitor://localhost', origin: 'null', trusted: false },
    { entry: 'exp://192.168.1.7:8081', origin: 'exp://192.168.1.7', trusted: false },
    { entry: 'chrome-extension://aeblfdkh', origin: 'chrome-extension://other', trusted: false },
    { entry: 'https://admin.example', origin: 'https://admin.example', trusted: true },
    { entry: 'https://admin.example', origin: 'capacitor://admin.example', trusted: false },
  ])('$entry, asked by $origin: $trusted', async ({ entry, origin, trusted }) => {
    expect(await isTrusted(entry, origin)).toBe(trusted)
  })
})

describe('M40 a pattern stands for one label', () => {
  const PREVIEW = 'https://*.preview.example'
  test.each([
    { entry: PREVIEW, origin: 'https://pr-7.preview.example', trusted: true },
    { entry: `${PREVIEW}/`, origin: 'https://pr-7.preview.example', trusted: true },
    { entry: 'https://*.Preview.Example', origin: 'https://pr-7.preview.example', trusted: true },
    { entry: 'https://*.preview.example:443', origin: 'https://pr-7.preview.example', trusted: true },
    { entry: 'https://*.münchen.example', origin: 'https://pr-7.xn--mnchen-3ya.example', trusted: true },
    { entry: 'http://*.preview.example:8080', origin: 'http://pr-7.preview.example:8080', trusted: true },
    { entry: 'https://*.app.co.uk', origin: 'https://pr-7.app.co.uk', trusted: true },
    { entry: 'https://*.team.vercel.app', origin: 'https://pr-7.team.vercel.app', trusted: true },
    { entry: PREVIEW, origin: 'https://preview.example', trusted: false },
    { entry: PREVIEW, origin: 'https://.preview.example', trusted: false },
    { entry: PREVIEW, origin: 'https://a.b.preview.example', trusted: false },
    { entry: PREVIEW, origin: 'https://evilpreview.example', trusted: false },
    { entry: PREVIEW, origin: 'https://evil.com/.preview.example', trusted: false },
    { entry: PREVIEW, origin: 'https://evil.com#.preview.example', trusted: false },
    { entry: PREVIEW, origin: 'https://evil@x.preview.example', trusted: false },
    { entry: PREVIEW, origin: 'https://x.preview.example.evil.com', trusted: false },
    { entry: PREVIEW, origin: 'https://x.previewXexample', trusted: false },
    { entry: PREVIEW, origin: 'http://pr-7.preview.example', trusted: false },
    { entry: PREVIEW, origin: 'https://pr-7.preview.example:8443', trusted: false },
    { entry: 'http://*.preview.example:8080', origin: 'http://pr-7.preview.example', trusted: false },
  ])('$entry, asked by $origin: $trusted', async ({ entry, origin, trusted }) => {
    expect(await isTrusted(entry, origin)).toBe(trusted)
  })

  test.each([
    { entry: 'https://*.com', says: /two labels/ },
    { entry: 'https://*', says: /two labels/ },
    { entry: 'https://*.localhost', says: /two labels/ },
    { entry: 'https://*.co.uk', says: /anybody can register/ },
    { entry: 'https://*.com.au', says: /anybody can register/ },
    { entry: 'https://*.vercel.app', says: /anybody can register/ },
    { entry: 'https://*.GitHub.io', says: /anybody can register/ },
    { entry: 'https://*.pages.dev', says: /anybody can register/ },
    { entry: 'https://app-*.preview.example', says: /first label/ },
    { entry: 'https://*.*.preview.example', says: /first label/ },
    { entry: 'https://a.*.preview.example', says: /first label/ },
    { entry: 'https://*preview.example', says: /first label/ },
    { entry: '*.preview.example', says: /first label/ },
    { entry: 'https://*.preview.example/x', says: /first label/ },
    { entry: 'https://*.preview..example', says: /first label/ },
    { entry: 'https://*.preview.example.', says: /first label/ },
    { entry: 'https://*.127.0.0.1', says: /first label/ },
    { entry: 'https://*.preview.example:x', says: /first label/ },
    { entry: 'https://user@*.preview.example', says: /first label/ },
    { entry: 'https://*.preview.example?', says: /first label/ },
    { entry: 'capacitor://*.preview.example', says: /first label/ },
    { entry: '*', says: /first label/ },
    { entry: 'null', says: /is no origin/ },
    { entry: 'file:///', says: /is no origin/ },
    { entry: 'file://host', says: /is no origin/ },
    { entry: 'javascript://app.example', says: /is no origin/ },
    { entry: 'data://app.example', says: /is no origin/ },
    { entry: 'blob:https://app.example', says: /is no origin/ },
    { entry: 'wss://app.example', says: /is no origin/ },
    { entry: 'capacitor://', says: /is no origin/ },
    { entry: 'capacitor://localhost/x', says: /is no origin/ },
    { entry: 'capacitor://user@localhost', says: /is no origin/ },
    { entry: 'capacitor:localhost', says: /is no origin/ },
    { entry: 'Capacitor://localhost', says: /is no origin/ },
  ])('$entry is refused at construction', ({ entry, says }) => {
    expect(() => makeAuth({ baseUrl: BASE, trustedOrigins: ['https://*.preview.example'] })).not.toThrow()
    const construct = () => makeAuth({ baseUrl: BASE, trustedOrigins: [entry] })
    expect(construct).toThrow(AuthError)
    expect(construct).toThrow(/^Configuration: trustedOrigins: /)
    expect(construct).toThrow(says)
  })
})

describe('M40 redirects go where origins are trusted, and stay on the web unless another scheme is listed', () => {
  test.each([
    { trusted: 'https://*.preview.example', target: 'https://pr-7.preview.example/x?y', goes: true },
    { trusted: 'https://*.preview.example', target: 'https://a.b.preview.example/', goes: false },
    { trusted: 'https://*.preview.example', target: 'javascript://pr-7.preview.example/%0aalert(1)', goes: false },
    { trusted: 'exp://192.168.1.7:8081', target: 'exp://192.168.1.7:8081/--/done', goes: true },
    { trusted: 'exp://192.168.1.7:8081', target: 'exp://192.168.1.7/--/done', goes: false },
    { trusted: 'exp://192.168.1.7:8081', target: 'exp://user@192.168.1.7:8081/', goes: false },
    { trusted: 'https://admin.example', target: 'exp://admin.example/', goes: false },
    { trusted: 'https://admin.example', target: 'javascript:alert(1)', goes: false },
  ])('$trusted trusted, to $target: $goes', async ({ trusted, target, goes }) => {
    const options = { baseUrl: BASE, trustedOrigins: [trusted] }
    const urlOf = async (auth: ReturnType<typeof makeAuth>) => {
      const response = await createBrowser(auth, { origin: BASE }).signIn()
      return response.status === 200 ? (await readJson<{ url: string }>(response)).url : response.status
    }
    const signIn = () => target
    expect(await urlOf(makeAuth({ ...options, callbacks: { signIn } }))).toBe(goes ? target : `${BASE}/`)
    // What the app's own callback returns may be any web address; of other schemes those listed.
    const own = await urlOf(makeAuth({ ...options, callbacks: { signIn: () => '/', redirect: () => target } }))
    const isWeb = target.startsWith('https:')
    expect(own).toBe(goes || isWeb ? target : 500)
  })

  test('while developing, loopback is trusted over http and https only', async () => {
    const before = process.env['AUTH_URL']
    delete process.env['AUTH_URL']
    const make = (target: string) => makeAuth({ baseUrl: undefined, callbacks: { signIn: () => target } })
    const urlOf = async (target: string) =>
      (await readJson<{ url: string }>(await createBrowser(make(target), { origin: 'http://localhost:3000' }).signIn()))
        .url
    expect(await urlOf('http://localhost:5173/x')).toBe('http://localhost:5173/x')
    expect(await urlOf('app://localhost/x')).toBe('http://localhost:3000/')
    if (before !== undefined) process.env['AUTH_URL'] = before
  })
})
