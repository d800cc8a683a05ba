import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { haveIBeenPwned } from '@latchkey/password'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { describeVectors } from '../../core/test/support/vectors.ts'
import { GOOD, OTHER, type PasswordApp, startPasswordApp } from './support/app.ts'

let app: PasswordApp
afterEach(() => app.stop())

const signUp = (password: unknown, email: unknown = 'ann@example.com') =>
  app.client('cookie').mutate('auth.password.signUp', { email, password })

test.each([
  ['what a person thinks of', 'seven purple elephants', null],
  ['spaces at its ends', ' leading and trailing ', null],
  ['one letter, often', 'a'.repeat(64), null],
  ['256 characters', 'x1'.repeat(128), null],
  ['256 characters outside the first plane', '🐎'.repeat(256), null],
  ['another script', 'правильная лошадь', null],
  ['seven characters', 'xK9!mQ2', 'PasswordTooShort'],
  ['seven characters in fourteen units', '🐎'.repeat(7), 'PasswordTooShort'],
  ['eight that are seven in the normal form', 'cafe\u0301-x1', 'PasswordTooShort'],
  ['a common one', 'password', 'PasswordTooCommon'],
  ['a common one in capitals', 'PassWord123', 'PasswordTooCommon'],
  ['a common one in fullwidth letters', 'ｐａｓｓｗｏｒｄ', 'PasswordTooCommon'],
  ['the address', 'ann.smith@example.com', 'PasswordTooCommon'],
  ['the name in the address', 'AnnSmith1', 'PasswordTooCommon'],
  ['the name and the domain', 'smith-example-1', 'PasswordTooCommon'],
  ['the app’s name', 'Latchkey2026', null],
  ['a word of the app’s', 'BananaApp99', 'PasswordTooCommon'],
  ['257 characters', 'x'.repeat(257), 'InvalidInput'],
  ['nothing', '', 'InvalidInput'],
])('P10: %s', async (_, password, kind) => {
  app = await startPasswordApp({ password: { words: ['bananaapp'] } })
  expect((await signUp(password, 'ann.smith@example.com')).kind).toBe(kind)
})

test('P10: the same rules hold for a change, for a first password and for a reset', async () => {
  app = await startPasswordApp({ mail: true, password: { verify: false } })
  const browser = app.client('cookie')
  await browser.mutate('auth.password.signUp', { email: 'ann@example.com', password: GOOD })
  await browser.mutate('auth.password.forgot', { email: 'ann@example.com' })
  const { token } = await app.nextMail('resetPassword', 'ann@example.com')
  expect(await browser.mutate('auth.password.change', { current: GOOD, next: 'password' })).toMatchObject({
    kind: 'PasswordTooCommon',
  })
  expect(await browser.mutate('auth.password.reset', { token, password: 'ann@example.com' })).toMatchObject({
    kind: 'PasswordTooCommon',
  })
})

test('P12: a first password needs a sign-in of a moment ago', async () => {
  app = await startPasswordApp({ now: Date.UTC(2026, 10, 29) })
  const browser = app.client('cookie')
  await browser.mutate('auth.password.signUp', { email: 'ann@example.com', password: GOOD })
  app.wait(3_600)
  expect(await browser.mutate('auth.password.set', { password: OTHER })).toMatchObject({
    status: 403,
    kind: 'StepUpRequired',
  })
})

test('P13: a password of a megabyte is refused without a hash', async () => {
  const hashed: number[] = []
  const hasher = {
    name: 'none',
    hash: async (text: string) => (hashed.push(text.length), text),
    verify: async () => true,
    reads: () => true,
    needsRehash: () => false,
  }
  app = await startPasswordApp({ password: { hasher } })
  const password = 'A'.repeat(1_000_000)
  for (const path of ['auth.password.signUp', 'auth.signIn']) {
    const began = performance.now()
    const answer = await app.client('cookie').mutate(path, { provider: 'password', email: 'ann@example.com', password })
    expect(answer).toMatchObject({ status: 400, kind: 'InvalidInput' })
    expect(performance.now() - began).toBeLessThan(500)
  }
  expect(hashed).toEqual([])
})

describeVectors('P10: the published list of passwords', (read) => {
  const { cases } = read(
    'attack-lists/passwords.json',
    z.object({ cases: z.array(z.object({ in: z.unknown(), expect: z.string() })) }),
  )
  test.each(
    cases.map(({ in: password, expect: expected }) => ({
      password,
      expected,
      title: `${JSON.stringify(password).slice(0, 50)}: ${expected}`,
    })),
  )('$title', async ({ password, expected }) => {
    app = await startPasswordApp()
    expect((await signUp(password)).status).toBe(expected.startsWith('accept') ? 200 : 400)
  })
})

describeVectors('E06: the published list of addresses', (read) => {
  const { cases } = read(
    'attack-lists/emails.json',
    z.object({ cases: z.array(z.object({ in: z.unknown(), expect: z.string() })) }),
  )
  test('is refused everywhere, with no mail and no row', async () => {
    app = await startPasswordApp({ mail: true })
    const browser = app.client('cookie')
    for (const { in: email, expect: expected } of cases) {
      if (!expected.startsWith('reject')) continue
      for (const [path, input] of [
        ['auth.password.signUp', { email, password: GOOD }],
        ['auth.password.forgot', { email }],
        ['auth.signIn', { provider: 'password', email, password: GOOD }],
      ] as const)
        expect(await browser.mutate(path, input), JSON.stringify(email)).toMatchObject({
          status: 400,
          kind: 'InvalidInput',
        })
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(app.mails).toEqual([])
  })
})

/** The service's answers for SHA-1 of "breached enough 1". */
async function startService(answer: (prefix: string) => { readonly status: number; readonly body: string }) {
  const asked: string[] = []
  const server = createServer((req, res) => {
    asked.push(`${req.url} ${String(req.headers['add-padding'])}`)
    const { status, body } = answer(req.url?.split('/').at(-1) ?? '')
    res.writeHead(status).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => server.close() }
}

test.each([
  { case: 'is known', count: 3, status: 200, kind: 'PasswordBreached' },
  { case: 'is only padding', count: 0, status: 200, kind: null },
  { case: 'can’t be looked up', count: 3, status: 503, kind: null },
])('a password that $case', async ({ count, status, kind }) => {
  const digest = Buffer.from(await crypto.subtle.digest('SHA-1', new TextEncoder().encode(GOOD)))
    .toString('hex')
    .toUpperCase()
  const body = `0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n${digest.slice(5)}:${count}\r\n`
  const service = await startService(() => ({ status, body }))
  app = await startPasswordApp({ password: { breached: haveIBeenPwned({ url: service.url }) } })
  expect((await signUp(GOOD)).kind).toBe(kind)
  // Five letters of forty are all that leaves the server.
  expect(service.asked).toEqual([`/range/${digest.slice(0, 5)} true`])
  if (status === 503) expect(app.log.join()).toContain('it was accepted')
  service.stop()
})
