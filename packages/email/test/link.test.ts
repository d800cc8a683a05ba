import { expect, test } from 'vitest'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { open } from './support/open.ts'
import { askForLink, newAddress, receiveLink, wrong } from './support/people.ts'

describeEachWay(({ flow, strategy }) => {
  test("an app's own page confirms a link", async () => {
    const { client, mailbox, told } = await open({ strategy })
    const [ann, email] = [client(flow), newAddress()]
    const { confirm } = await receiveLink(ann, mailbox, email)
    expect((await confirm()).data).toMatchObject({ session: { user: { email } } })
    const id = await ann.whoAmI()
    expect(told.find(({ name }) => name === 'signIn')?.params).toMatchObject({
      account: { provider: 'magic-link', type: 'email', providerAccountId: id },
    })
    expect((await ann.query('guarded')).data).toMatchObject({ amr: ['email'] })
  })

  test('O9 J5 a link creates a user the first time only', async () => {
    const { client, mailbox, told } = await open({ strategy })
    const email = newAddress()
    for (let time = 0; time < 2; time++) {
      const { confirm } = await receiveLink(client(flow), mailbox, email)
      expect((await confirm()).kind).toBeNull()
    }
    expect(told.filter(({ name }) => name === 'events.createUser')).toHaveLength(1)
    expect(told.filter(({ name }) => name === 'events.signIn').map(({ params }) => params.isNewUser)).toEqual([
      true,
      false,
    ])
  })

  test('another client is refused, and may know the code to type where the link was asked for', async () => {
    const { client, mailbox } = await open({ strategy })
    const [ann, phone, email] = [client(flow), client('cookie'), newAddress()]
    const { token, handle, confirm } = await receiveLink(ann, mailbox, email)
    expect((await phone.mutate('auth.magicLink.confirm', { token })).kind).toBe('MagicLinkElsewhere')
    const { data } = await phone.query<{ code: string }>('auth.magicLink.look', { token })
    expect(data).toEqual({
      isHere: false,
      code: expect.stringMatching(/^\d{6}$/) as string,
      redirectTo: expect.any(String) as string,
    })
    const type = (given: string) => ann.mutate('auth.signIn', { provider: 'magic-link', email, code: given, ...handle })
    expect((await type(wrong(data.code))).kind).toBe('CredentialsSignin')
    expect((await type(data.code)).kind).toBeNull()
    expect([await ann.whoAmI(), await phone.whoAmI()]).toEqual([expect.any(String), null])
    // Either uses up both.
    expect((await confirm()).kind).toBe('MagicLinkExpired')
    expect((await type(data.code)).kind).toBe('MagicLinkExpired')
  })

  test('the page that has asked learns so, and looking uses nothing up', async () => {
    const { client, mailbox, origin } = await open({ strategy })
    const ann = client(flow)
    const { token, handle, confirm } = await receiveLink(ann, mailbox, newAddress(), { redirectTo: '/inbox' })
    for (let time = 0; time < 3; time++) {
      const { data } = await ann.query('auth.magicLink.look', { token, ...handle })
      expect(data).toEqual({ isHere: true, code: null, redirectTo: `${origin}/${flow === 'cookie' ? 'inbox' : ''}` })
    }
    expect((await confirm()).kind).toBeNull()
    expect((await ann.query('auth.magicLink.look', { token, ...handle })).kind).toBe('MagicLinkExpired')
  })

  test('S14 of a code that was shown elsewhere, guesses are counted', async () => {
    const { client, mailbox } = await open({ strategy })
    const [ann, email] = [client(flow), newAddress()]
    const { token, handle } = await receiveLink(ann, mailbox, email)
    const { data } = await client('cookie').query<{ code: string }>('auth.magicLink.look', { token })
    const type = async (given: string) =>
      (await ann.mutate('auth.signIn', { provider: 'magic-link', email, code: given, ...handle })).kind
    for (let guess = 0; guess < 5; guess++) expect(await type(wrong(data.code))).toBe('CredentialsSignin')
    expect(await type(data.code)).toBe('MagicLinkExpired')
  })
})

test('a stranger who asks for a link for the same address signs in with neither', async () => {
  const { client, mailbox } = await open()
  const [ann, stranger, email] = [client('cookie'), client('cookie', { address: '203.0.113.8' }), newAddress()]
  const anns = await receiveLink(ann, mailbox, email)
  const strangers = await receiveLink(stranger, mailbox, email)
  // The person opens the stranger's link: nobody is signed in, here or there.
  expect((await ann.mutate('auth.magicLink.confirm', { token: strangers.token })).kind).toBe('MagicLinkElsewhere')
  expect([await ann.whoAmI(), await stranger.whoAmI()]).toEqual([null, null])
  expect((await anns.confirm()).kind).toBeNull()
})

test.each([
  ['a page of the app', { page: '/welcome/back' }, (origin: string) => `${origin}/welcome/back?token=`],
  ['one with a query', { page: '/in?lang=en' }, (origin: string) => `${origin}/in?lang=en&token=`],
  ['one of an app', { page: 'https://links.example/in' }, () => 'https://links.example/in?token='],
  ['the page of this package', {}, (origin: string) => `${origin}/auth/magic-link/open?token=`],
])('links lead to %s', async (_, link, beginning) => {
  const { client, mailbox, origin } = await open({ link })
  const { url } = await receiveLink(client('cookie'), mailbox, newAddress())
  expect(url.slice(0, -43)).toBe(beginning(origin))
  expect(url.slice(-43)).toMatch(/^[\w-]+$/)
})

test('E07 links are ours, whatever the request says of its host', async () => {
  const { client, mailbox, origin } = await open()
  const email = newAddress()
  const ann = client('token')
  await ann.fetch('/auth/signin/magic-link?flow=token', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin,
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example',
    },
    body: JSON.stringify({ email, redirectTo: 'https://evil.example/' }),
  })
  const { url } = await mailbox.take('link', email)
  expect(new URL(url).origin).toBe(origin)
  expect(url).not.toContain('evil')
})

test('where a link leads must be a place that the app trusts', async () => {
  const { client, mailbox, origin } = await open({ trustedOrigins: ['https://admin.example.com'] })
  for (const [redirectTo, target] of [
    ['https://admin.example.com/x', 'https://admin.example.com/x'],
    ['https://evil.example/', `${origin}/`],
    ['//evil.example', `${origin}/`],
    ['javascript:alert(1)', `${origin}/`],
  ]) {
    const { token } = await receiveLink(client('cookie'), mailbox, newAddress(), { redirectTo })
    const { data } = await client('cookie').query('auth.magicLink.look', { token })
    expect(data).toMatchObject({ redirectTo: target })
  }
  expect((await askForLink(client('cookie'), newAddress(), { redirectTo: 7 })).kind).toBe('InvalidInput')
})

test('T5 in the token flow nothing asks where to redirect', async () => {
  const asked: string[] = []
  const redirect = ({ url }: { url: string }) => {
    asked.push(url)
    return 'https://admin.example.com/'
  }
  const { client, mailbox, origin } = await open({ callbacks: { redirect } })
  const ann = client('token')
  const { token, handle, confirm } = await receiveLink(ann, mailbox, newAddress(), { redirectTo: '/inbox' })
  const { data } = await ann.query('auth.magicLink.look', { token, ...handle })
  expect(data).toMatchObject({ isHere: true, redirectTo: `${origin}/` })
  expect((await confirm()).kind).toBeNull()
  expect(asked).toEqual([])
})

test('a page that is no address is refused when the app starts', async () => {
  await expect(open({ link: { page: 'https://' } })).rejects.toThrow('Configuration: magicLink.page: ')
})
