import { describe, expect, test } from 'vitest'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { open } from './support/open.ts'
import { askForCode, newAddress, receiveCode, receiveLink } from './support/people.ts'

describeEachWay(({ flow, strategy }) => {
  test("E09 another client can't use a code, and the client that asked still can", async () => {
    const { client, mailbox } = await open({ strategy })
    const [ann, thief, email] = [client(flow), client(flow), newAddress()]
    const { code, use } = await receiveCode(ann, mailbox, email)
    const stolen = await thief.mutate('auth.signIn', { provider: 'email-code', email, code })
    expect(stolen.kind).toBe('EmailCodeExpired')
    expect(await thief.whoAmI()).toBeNull()
    expect((await use()).kind).toBeNull()
  })

  test('a stranger who asks for a code for the same address ends no code, and can guess at their own only', async () => {
    const { client, mailbox } = await open({ strategy })
    const [ann, stranger, email] = [client(flow), client(flow, { address: '203.0.113.8' }), newAddress()]
    const anns = await receiveCode(ann, mailbox, email)
    const strangers = await receiveCode(stranger, mailbox, email)
    // Somebody who has seen the person's screen, say.
    if (anns.code !== strangers.code) expect((await strangers.use(anns.code)).kind).toBe('CredentialsSignin')
    for (let guess = 0; guess < 4; guess++) await strangers.use('000000')
    expect((await anns.use()).kind).toBeNull()
  })

  test('guesses of strangers are not counted at the code of its person', async () => {
    const { client, mailbox } = await open({ strategy })
    const [ann, email] = [client(flow), newAddress()]
    const { use } = await receiveCode(ann, mailbox, email)
    const stranger = client(flow, { address: '203.0.113.8' })
    for (let guess = 0; guess < 50; guess++)
      await stranger.mutate('auth.signIn', { provider: 'email-code', email, code: '000000' })
    expect((await use()).kind).toBeNull()
  })
})

describe('what names a client that keeps tokens', () => {
  const cases = [
    { attack: 'none', forge: () => ({ request: undefined }) },
    { attack: 'a text of its own', forge: () => ({ request: 'a'.repeat(43) }) },
    { attack: 'one that was changed', forge: (request: string) => ({ request: `${request.slice(0, -2)}AA` }) },
    { attack: 'that of a link', forge: (_: string, ofLink: string) => ({ request: ofLink }) },
    { attack: 'a sealed value of another kind', forge: () => ({ request: 'eyJhbGciOiJkaXIifQ..a.a.a' }) },
  ]

  test.each(cases)('$attack opens no code', async ({ forge }) => {
    const { client, mailbox } = await open()
    const [ann, email] = [client('token'), newAddress()]
    const { handle, use } = await receiveCode(ann, mailbox, email)
    const link = await receiveLink(ann, mailbox, email)
    expect((await use(undefined, forge(handle.request ?? '', link.handle.request ?? ''))).kind).toBe('EmailCodeExpired')
    expect((await use()).kind).toBeNull()
  })

  test('it is kept: a later request goes on with it, and a newer code takes the place of the older', async () => {
    const { client, mailbox } = await open()
    const [ann, email] = [client('token'), newAddress()]
    const first = await receiveCode(ann, mailbox, email)
    const second = await receiveCode(ann, mailbox, email, first.handle)
    expect((await second.use(undefined, first.handle)).kind).toBeNull()
  })

  test('in the cookie flow it is not looked at', async () => {
    const { client, mailbox } = await open()
    const email = newAddress()
    const { handle, code } = await receiveCode(client('token'), mailbox, email)
    const input = { provider: 'email-code', email, code, ...handle }
    expect((await client('cookie').mutate('auth.signIn', input)).kind).toBe('EmailCodeExpired')
  })
})

describe('input', () => {
  const fields = { provider: 'email-code', email: 'ann@example.com' }

  test.each([
    { input: { ...fields, code: '12345' }, field: 'code' },
    { input: { ...fields, code: '12345678901' }, field: 'code' },
    { input: { ...fields, code: '12345a' }, field: 'code' },
    { input: { ...fields, code: '１２３４５６' }, field: 'code' },
    { input: { ...fields, code: 123_456 }, field: 'code' },
    { input: { ...fields, code: ['123456'] }, field: 'code' },
    { input: { ...fields, code: null }, field: 'code' },
    { input: { ...fields, request: 'a'.repeat(1_001) }, field: 'request' },
    { input: { ...fields, email: undefined }, field: 'email' },
  ])('$input is refused', async ({ input, field }) => {
    const { client } = await open()
    const { kind, error } = await client('cookie').mutate('auth.signIn', input)
    expect([kind, error?.fields]).toEqual(['InvalidInput', [field]])
  })

  test('Z02 fields that nobody asked for change nothing', async () => {
    const { client, mailbox, told } = await open()
    const [ann, email] = [client('cookie'), newAddress()]
    const more = { userId: 'admin', role: 'admin', emailVerified: true, id: 'admin', create: { roles: ['admin'] } }
    const { use } = await receiveCode(ann, mailbox, email, more)
    await use(undefined, more)
    const created = told.find(({ name }) => name === 'events.createUser')?.params.user
    expect(created).not.toMatchObject({ id: 'admin' })
    expect(Object.keys(created as object)).not.toContain('role')
  })

  test('a page of another site can ask for no code', async () => {
    const { client, mailbox, origin } = await open()
    const response = await client('cookie').fetch('/auth/signin/email-code', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
      body: JSON.stringify({ email: 'ann@example.com' }),
    })
    expect(response.status).toBe(403)
    await mailbox.settle()
    expect(mailbox.sent).toEqual([])
    const ours = await client('cookie').fetch('/auth/signin/email-code', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ email: 'ann@example.com' }),
    })
    expect(await ours.json()).toEqual({ status: 'sent', expiresIn: 600 })
  })
})

test('the cookie is HttpOnly, and is in no other cookie’s place', async () => {
  const { client, origin } = await open()
  const response = await client('cookie').fetch('/auth/signin/email-code', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ email: 'ann@example.com' }),
  })
  const [cookie = '', ...others] = response.headers.getSetCookie()
  expect(others).toEqual([])
  expect(cookie).toMatch(/^latchkey\.emailCode\.browser=[^;]+; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Lax$/)
  expect(response.headers.get('cache-control')).toBe('private, no-store')
})

test('without an adapter that keeps tables it is refused when the app starts', async () => {
  const adapter = { getUser: () => null, getUserByEmail: () => null }
  await expect(open({ adapter: adapter as never })).rejects.toThrow(/Configuration/)
})

test('asking again and again is refused with the time to wait', async () => {
  const { client } = await open()
  const [ann, email] = [client('cookie'), newAddress()]
  const answers = []
  for (let ask = 0; ask < 6; ask++) answers.push(await askForCode(ann, email))
  expect(answers.map(({ kind }) => kind)).toEqual([null, null, null, null, null, 'RateLimited'])
  expect(answers.at(-1)?.error?.retryAfter).toBeGreaterThan(0)
})
