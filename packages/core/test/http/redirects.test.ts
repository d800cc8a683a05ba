import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { makeAuth } from '../support/auth.ts'
import { createBrowser, readJson, readKind } from '../support/browser.ts'
import { describeVectors } from '../support/vectors.ts'

const BASE = 'https://app.example'

/** Signs in where the signIn callback sends everybody to `target`, and answers where to. */
async function redirectTo(target: string, options: Parameters<typeof makeAuth>[0] = {}) {
  const auth = makeAuth({ baseUrl: BASE, ...options, callbacks: { signIn: () => target, ...options.callbacks } })
  const browser = createBrowser(auth, { origin: BASE })
  const response = await browser.signIn()
  expect(browser.setCookies).toEqual([])
  return response
}

async function urlOf(response: Response): Promise<string> {
  const { status, url } = await readJson<{ status: string; url: string }>(response)
  expect(status).toBe('redirect')
  return url
}

/** What the published list has and what it doesn't; `to` is where the person lands. */
const TARGETS: readonly { readonly target: string; readonly to: string }[] = [
  { target: '/', to: `${BASE}/` },
  { target: '/dashboard', to: `${BASE}/dashboard` },
  { target: '/a/b?c=d#e', to: `${BASE}/a/b?c=d#e` },
  { target: '/ok?next=//evil.com', to: `${BASE}/ok?next=//evil.com` },
  { target: 'https://app.example/x', to: `${BASE}/x` },
  { target: 'HTTPS://APP.EXAMPLE/x', to: `${BASE}/x` },
  { target: 'https://app.example:443/x', to: `${BASE}/x` },
  { target: 'relative', to: `${BASE}/relative` },
  { target: '', to: `${BASE}/` },
  { target: 'https://admin.example/x', to: 'https://admin.example/x' },
  { target: 'https://evil.com', to: `${BASE}/` },
  { target: '//evil.com', to: `${BASE}/` },
  { target: '/\\evil.com', to: `${BASE}/` },
  { target: '\\\\evil.com', to: `${BASE}/` },
  { target: '/\t/evil.com', to: `${BASE}/` },
  { target: ' //evil.com', to: `${BASE}/` },
  { target: '\u00a0//evil.com', to: `${BASE}/%C2%A0//evil.com` },
  { target: 'https:evil.com', to: `${BASE}/evil.com` },
  { target: 'https://app.example@evil.com', to: `${BASE}/` },
  { target: 'https://evil@app.example/', to: `${BASE}/` },
  { target: 'https://:secret@app.example/', to: `${BASE}/` },
  { target: 'https://app.example.evil.com', to: `${BASE}/` },
  { target: 'https://app.example\\.evil.com', to: `${BASE}/.evil.com` },
  { target: 'http://app.example/', to: `${BASE}/` },
  { target: 'https://app.example:8443/', to: `${BASE}/` },
  { target: 'javascript:alert(1)', to: `${BASE}/` },
  { target: 'javascript://app.example/%0aalert(1)', to: `${BASE}/` },
  { target: 'data:text/html,x', to: `${BASE}/` },
  { target: 'blob:https://app.example/x', to: `${BASE}/` },
  { target: 'https://', to: `${BASE}/` },
  { target: '\u0000', to: `${BASE}/` },
  { target: `/${'x'.repeat(100_000)}`, to: `${BASE}/${'x'.repeat(100_000)}` },
]

describe('O11 where signIn sends people', () => {
  test.each(TARGETS)('%j', async ({ target, to }) => {
    expect(await urlOf(await redirectTo(target, { trustedOrigins: ['https://admin.example'] }))).toBe(to)
  })

  test('falls back to the whole baseUrl, its path too', async () => {
    expect(await urlOf(await redirectTo('https://evil.com', { baseUrl: `${BASE}/app/` }))).toBe(`${BASE}/app/`)
    expect(await urlOf(await redirectTo('here', { baseUrl: `${BASE}/app/` }))).toBe(`${BASE}/app/here`)
  })

  test.each([false, 0, 1, null, undefined, {}, ['/x']])('%j is no place', async (answer) => {
    const response = await redirectTo(answer as string)
    expect(await readKind(response)).toBe('AccessDenied')
  })
})

describe('O11 a redirect callback of the app', () => {
  test('is asked with what was asked for and the base, and has the last word', async () => {
    const asked: unknown[] = []
    const redirect = (params: { readonly url: string; readonly baseUrl: string }) => {
      asked.push(params)
      return 'https://elsewhere.example/x'
    }
    expect(await urlOf(await redirectTo('//evil.com', { callbacks: { redirect } }))).toBe('https://elsewhere.example/x')
    expect(asked).toEqual([{ url: '//evil.com', baseUrl: BASE }])
  })

  test.each([
    { returns: 'https://app.example/x', to: 'https://app.example/x' },
    { returns: 'http://other.example', to: 'http://other.example/' },
    { returns: '/relative', to: null },
    { returns: '//evil.com', to: null },
    { returns: '', to: null },
    { returns: 'javascript:alert(1)', to: null },
    { returns: 'data:text/html,x', to: null },
    { returns: 'blob:https://app.example/x', to: null },
    { returns: 'not a URL', to: null },
    { returns: undefined, to: null },
    { returns: null, to: null },
    { returns: 7, to: null },
    { returns: new URL('https://app.example/x'), to: null },
  ])('that returns $returns: $to', async ({ returns, to }) => {
    const response = await redirectTo('/x', { callbacks: { redirect: () => returns as string } })
    if (to === null) expect(await readKind(response)).toBe('CallbackRouteError')
    else expect(await urlOf(response)).toBe(to)
  })
})

describeVectors('O11 attack-lists/redirects.json', (read) => {
  const list = z.object({ cases: z.array(z.object({ in: z.string(), expect: z.enum(['accept', 'reject']) })) })
  const { cases } = read('attack-lists/redirects.json', list)

  test('has 52 cases', () => {
    expect(cases).toHaveLength(52)
  })

  test.each(cases)('$in: $expect', async ({ in: target, expect: verdict }) => {
    const url = new URL(await urlOf(await redirectTo(target)))
    expect(url.origin).toBe(BASE)
    // What is accepted is kept as it is; what is rejected leads to some page of ours.
    if (verdict === 'accept') expect(url.href).toBe(new URL(target, BASE).href)
  })

  test.each(cases)('$in: through a callback that lets everything pass, nothing but the web', async ({ in: target }) => {
    const response = await redirectTo(target, { callbacks: { redirect: ({ url }) => url } })
    if (response.status === 500) expect(await readKind(response)).toBe('CallbackRouteError')
    else expect(new URL(await urlOf(response)).protocol).toMatch(/^https?:$/)
  })
})
