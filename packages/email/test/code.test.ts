import { memoryAdapter } from '@latchkey/core'
import { expect, test } from 'vitest'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { nod } from '../../../test/support/factor.ts'
import { open } from './support/open.ts'
import { askForCode, newAddress, receiveCode, signInWithCode, wrong } from './support/people.ts'

describeEachWay(({ flow, strategy }) => {
  test('a code signs its person in', async () => {
    const { client, mailbox } = await open({ strategy })
    const ann = client(flow)
    const email = newAddress()
    const { code, use } = await receiveCode(ann, mailbox, email)
    expect(code).toMatch(/^\d{6}$/)
    const { data } = await use()
    expect(data).toMatchObject({ status: flow === 'cookie' ? 'signedIn' : 'tokens', session: { user: { email } } })
    expect(await ann.whoAmI()).not.toBeNull()
  })

  test('the response says for how long, and a client that keeps tokens gets its name', async () => {
    const { client } = await open({ strategy })
    const { data } = await askForCode(client(flow), newAddress())
    expect(data).toEqual({
      status: 'sent',
      expiresIn: 600,
      ...(flow === 'token' && { request: expect.any(String) as string }),
    })
  })

  test('digits may be typed with spaces', async () => {
    const { client, mailbox } = await open({ strategy })
    const ann = client(flow)
    const { code, use } = await receiveCode(ann, mailbox, newAddress())
    expect((await use(` ${code.slice(0, 3)} ${code.slice(3)} `)).kind).toBeNull()
  })

  test('the same person gets the same account', async () => {
    const { client, mailbox } = await open({ strategy })
    const email = newAddress()
    const first = await signInWithCode(client(flow), mailbox, email)
    expect(await signInWithCode(client(flow), mailbox, email.toUpperCase().toLowerCase())).toBe(first)
  })

  test('O5 the signIn callback receives the user and the account, and no code', async () => {
    const { client, mailbox, told } = await open({ strategy })
    const email = newAddress()
    const id = await signInWithCode(client(flow), mailbox, email)
    const signIn = told.find(({ name }) => name === 'signIn')
    expect(signIn?.params).toMatchObject({
      user: { id, email },
      account: { provider: 'email-code', type: 'email', providerAccountId: id },
      profile: null,
      credentials: null,
    })
  })

  test('O6 resolveUser runs after the user was created, and decides whose session it is', async () => {
    const adapter = memoryAdapter()
    const other = await adapter.createUser({ id: 'other', email: newAddress(), name: null, image: null })
    const { client, mailbox, told } = await open({ strategy, adapter, callbacks: { resolveUser: () => other } })
    expect(await signInWithCode(client(flow), mailbox, newAddress())).toBe('other')
    const names = told.map(({ name }) => name)
    expect(names.indexOf('events.createUser')).toBeLessThan(names.indexOf('resolveUser'))
  })

  test('O8 an event that throws fails no sign-in, and is logged', async () => {
    const events = {
      createUser: () => {
        throw new Error('the newsletter is down')
      },
    }
    const { client, mailbox, log } = await open({ strategy, events })
    await signInWithCode(client(flow), mailbox, newAddress())
    expect(log.join('\n')).toContain('the newsletter is down')
  })

  test('O9 J5 createUser, isNewUser and signUp are told the first time only', async () => {
    const { client, mailbox, told } = await open({ strategy })
    const email = newAddress()
    const names = () => told.map(({ name }) => name)
    const id = await signInWithCode(client(flow), mailbox, email)
    expect(told.find(({ name }) => name === 'events.createUser')?.params).toMatchObject({
      user: { id, email, emailVerified: expect.any(Date) as Date },
    })
    expect(told.find(({ name }) => name === 'events.signIn')?.params).toMatchObject({ isNewUser: true })
    await signInWithCode(client(flow), mailbox, email)
    expect(names().filter((name) => name === 'events.createUser')).toHaveLength(1)
    const triggers = told.filter(({ name }) => name === 'jwt').map(({ params }) => params.trigger)
    if (triggers.length > 0) expect(triggers).toEqual(['signUp', 'signIn'])
    expect(told.filter(({ name }) => name === 'events.signIn').map(({ params }) => params.isNewUser)).toEqual([
      true,
      false,
    ])
  })

  test('O7 whoever proves an address that somebody has verified is signed in as them, and no account is linked', async () => {
    const adapter = memoryAdapter()
    const { client, mailbox, told } = await open({ strategy, adapter })
    const email = newAddress()
    await adapter.createUser({ id: 'known', email, emailVerified: new Date(), name: null, image: null })
    expect(await signInWithCode(client(flow), mailbox, email)).toBe('known')
    expect(told.map(({ name }) => name)).not.toContain('events.linkAccount')
    expect(await adapter.listAccounts('known')).toEqual([])
  })

  test('O3 nobody is created if the app refuses the sign-in', async () => {
    const { client, mailbox, told } = await open({ strategy, callbacks: { signIn: () => false } })
    const ann = client(flow)
    const { use } = await receiveCode(ann, mailbox, newAddress())
    expect((await use()).kind).toBe('AccessDenied')
    expect(told.map(({ name }) => name)).toEqual(['signIn'])
    expect(await ann.whoAmI()).toBeNull()
  })

  test('T7 S14 with a second factor due, a right code is a challenge and no session', async () => {
    const { client, mailbox } = await open({ strategy, more: [nod] })
    const ann = client(flow)
    const { use } = await receiveCode(ann, mailbox, newAddress())
    const { data } = await use()
    expect(data).toEqual({
      status: 'challenge',
      challenge: expect.any(String) as string,
      expiresIn: 300,
      factors: ['nod'],
    })
    expect(await ann.whoAmI()).toBeNull()
    expect((await ann.query('guarded')).kind).toBe('SessionRequired')
    expect((await ann.mutate('auth.nod.verify', { challenge: data.challenge })).kind).toBeNull()
    expect(await ann.whoAmI()).not.toBeNull()
  })

  test('S01 a session that was planted before is ended', async () => {
    const { client, mailbox } = await open({ strategy })
    if (flow === 'token') return
    const mallory = client(flow)
    await signInWithCode(mallory, mailbox, newAddress('mallory'))
    const ann = client(flow)
    for (const [name, value] of mallory.cookies) if (!name.includes('emailCode')) ann.cookies.set(name, value)
    await signInWithCode(ann, mailbox, newAddress())
    expect(await mallory.whoAmI()).toBeNull()
    expect(await ann.whoAmI()).not.toBeNull()
  })

  test('a session says that the person signed in by e-mail', async () => {
    const { client, mailbox } = await open({ strategy })
    const ann = client(flow)
    await signInWithCode(ann, mailbox, newAddress())
    expect((await ann.query('guarded')).data).toMatchObject({ amr: ['email'] })
  })

  test('a wrong code is refused, and the right one still works', async () => {
    const { client, mailbox } = await open({ strategy })
    const { code, use } = await receiveCode(client(flow), mailbox, newAddress())
    expect((await use(wrong(code))).kind).toBe('CredentialsSignin')
    expect((await use()).kind).toBeNull()
  })
})
