import { expect, test } from 'vitest'
import { nod } from '../../../test/support/factor.ts'
import { open, type OpenOptions } from './support/open.ts'
import { newAddress, receiveLink, signInWithCode } from './support/people.ts'

async function openLink(options: OpenOptions = {}, more: object = {}) {
  const app = await open(options)
  const ann = app.client('cookie')
  const link = await receiveLink(ann, app.mailbox, newAddress(), more)
  /** Presses the page's button, as a browser does. */
  const press = (client = ann, headers: Record<string, string> = {}) =>
    client.fetch(link.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: app.origin, ...headers },
      body: '',
    })
  return { ...app, ann, press, ...link }
}

test.each(['jwt', 'database'] as const)(
  'E08 a GET of the link uses nothing up, its button does (%s)',
  async (strategy) => {
    const { ann, url, press, origin } = await openLink({ strategy }, { redirectTo: '/inbox?x=1' })
    for (let time = 0; time < 5; time++) expect((await ann.fetch(url)).status).toBe(200)
    const response = await press()
    expect([response.status, response.headers.get('location')]).toEqual([303, `${origin}/inbox?x=1`])
    expect(await ann.whoAmI()).not.toBeNull()
    const again = await press()
    expect([again.status, await again.text()]).toEqual([410, expect.stringContaining('no longer works')])
  },
)

test('E08 neither do HEAD and OPTIONS', async () => {
  const { ann, url, press } = await openLink()
  for (const method of ['HEAD', 'OPTIONS', 'PUT']) {
    const response = await ann.fetch(url, { method })
    expect(response.status).toBeGreaterThanOrEqual(200)
    expect(response.status).toBeLessThan(500)
  }
  expect((await press()).status).toBe(303)
})

test('E08 a program that follows every link and posts every form signs nobody in, and uses nothing up', async () => {
  const { client, ann, url, press } = await openLink()
  const scanner = client('cookie', { address: '192.0.2.1' })
  await scanner.fetch(url)
  const posted = await press(scanner)
  expect([posted.status, posted.headers.getSetCookie()]).toEqual([200, []])
  expect(await scanner.whoAmI()).toBeNull()
  expect((await press()).status).toBe(303)
  expect(await ann.whoAmI()).not.toBeNull()
})

test('T15 the page has no scripts, is in no frame or cache, and tells its address to no other site', async () => {
  const { ann, url, press, token } = await openLink()
  const pages = [await ann.fetch(url), await ann.fetch(url.slice(0, -1))]
  await press()
  pages.push(await press())
  for (const page of pages) {
    const headers = Object.fromEntries(page.headers)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'private, no-store',
    })
    const policy = headers['content-security-policy'] ?? ''
    const nonce = /style-src 'nonce-([\w+/=]+)'/.exec(policy)?.[1] ?? ''
    expect(policy).toBe(`default-src 'none'; style-src 'nonce-${nonce}'; frame-ancestors 'none'; base-uri 'none'`)
    const html = await page.text()
    expect(html).toContain(`<style nonce="${nonce}">`)
    expect(html).not.toMatch(/<script|<img|<link|\son\w+=|javascript:/i)
    expect(html).toMatch(/<html lang="en">/)
    expect(html).toMatch(/<main>[^]*<h1>/)
  }
  expect(token).toMatch(/^[\w-]{43}$/)
})

test('in another browser the page shows the code, and no button', async () => {
  const { client, url } = await openLink()
  const html = await (await client('cookie').fetch(url)).text()
  expect(html).toMatch(/<p class="code"><span aria-hidden="true">\d{6}<\/span>/)
  expect(html).not.toContain('<form')
})

test.each([
  ['none', ''],
  ['another', `?token=${'a'.repeat(43)}`],
  ['markup', `?token=${encodeURIComponent('"><script>alert(1)</script>')}`],
  ['a long one', `?token=${'a'.repeat(5_000)}`],
])('with %s for a token, the page says that the link no longer works', async (_, query) => {
  const { ann } = await openLink()
  for (const method of ['GET', 'POST']) {
    const response = await ann.fetch(`/auth/magic-link/open${query}`, { method })
    const html = await response.text()
    expect([response.status, html]).toEqual([410, expect.stringContaining('no longer works')])
    expect(html).not.toContain('<script')
  }
})

test("another site's page posts in vain: the link of its owner was not asked for in this browser", async () => {
  const { client, mailbox, url, press } = await openLink()
  const victim = client('cookie')
  const id = await signInWithCode(victim, mailbox, newAddress('victim'))
  expect((await press(victim, { origin: 'https://evil.example' })).status).toBe(200)
  expect(await victim.whoAmI()).toBe(id)
  expect(url).toContain('/auth/magic-link/open?token=')
})

test('E07 the page is ours under any Host', async () => {
  const { ann, url, origin } = await openLink()
  const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
  const html = await (await ann.fetch(url, { headers })).text()
  expect(html).not.toContain('evil')
  expect(html).toContain(`action="${origin}/auth/magic-link/open?token=`)
})

test('T7 with a second factor due, the button leads to the page that asks for it', async () => {
  const { ann, press, origin } = await openLink({ more: [nod], pages: { challenge: '/second' } })
  const response = await press()
  expect(response.status).toBe(303)
  expect(response.headers.get('location')).toMatch(
    new RegExp(String.raw`^${origin}/second#challenge=[^&]+&expiresIn=300&factors=nod$`),
  )
  expect(await ann.whoAmI()).toBeNull()
})

test('a sign-in that the app refuses ends on its page for errors', async () => {
  const { ann, press, origin } = await openLink({ callbacks: { signIn: () => false }, pages: { error: '/oops' } })
  const response = await press()
  expect(response.headers.get('location')).toBe(`${origin}/oops?error=AccessDenied`)
  expect(await ann.whoAmI()).toBeNull()
})
