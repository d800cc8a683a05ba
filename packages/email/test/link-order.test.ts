import { memoryAdapter } from '@latchkey/core'
import { expect, test } from 'vitest'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { nod } from '../../../test/support/factor.ts'
import { open } from './support/open.ts'
import { newAddress, receiveLink } from './support/people.ts'

describeEachWay(({ flow, strategy }) => {
  test('O5 the signIn callback receives the user and the account, and no token', async () => {
    const { client, mailbox, told } = await open({ strategy })
    const [ann, email] = [client(flow), newAddress()]
    const { confirm, token } = await receiveLink(ann, mailbox, email)
    await confirm()
    const { params } = told.find(({ name }) => name === 'signIn') ?? {}
    const id = await ann.whoAmI()
    expect(params).toMatchObject({
      user: { id, email },
      account: { provider: 'magic-link', type: 'email', providerAccountId: id },
      profile: null,
      credentials: null,
    })
    expect(JSON.stringify(params)).not.toContain(token)
  })

  test('O3 nobody is created if the app refuses the sign-in', async () => {
    const { client, mailbox, told } = await open({ strategy, callbacks: { signIn: () => false } })
    const ann = client(flow)
    const { confirm } = await receiveLink(ann, mailbox, newAddress())
    expect((await confirm()).kind).toBe('AccessDenied')
    expect(told.map(({ name }) => name)).toEqual(['signIn'])
    expect(await ann.whoAmI()).toBeNull()
  })

  test('O6 resolveUser runs after the user was created, and decides whose session it is', async () => {
    const adapter = memoryAdapter()
    const other = await adapter.createUser({ id: 'other', email: newAddress(), name: null, image: null })
    const { client, mailbox, told } = await open({ strategy, adapter, callbacks: { resolveUser: () => other } })
    const ann = client(flow)
    const { confirm } = await receiveLink(ann, mailbox, newAddress())
    await confirm()
    expect(await ann.whoAmI()).toBe('other')
    const names = told.map(({ name }) => name)
    expect(names).toContain('events.createUser')
    expect(names.indexOf('events.createUser')).toBeLessThan(names.indexOf('resolveUser'))
  })

  test('O7 whoever proves an address that somebody has verified is signed in as them, and no account is linked', async () => {
    const adapter = memoryAdapter()
    const { client, mailbox, told } = await open({ strategy, adapter })
    const [ann, email] = [client(flow), newAddress()]
    await adapter.createUser({ id: 'known', email, emailVerified: new Date(), name: null, image: null })
    const { confirm } = await receiveLink(ann, mailbox, email)
    await confirm()
    expect(await ann.whoAmI()).toBe('known')
    expect(told.map(({ name }) => name)).not.toContain('events.linkAccount')
    expect(await adapter.listAccounts('known')).toEqual([])
  })

  test('O8 an event that throws fails no sign-in, and is logged', async () => {
    const createUser = () => {
      throw new Error('the newsletter is down')
    }
    const { client, mailbox, log } = await open({ strategy, events: { createUser } })
    const ann = client(flow)
    const { confirm } = await receiveLink(ann, mailbox, newAddress())
    expect((await confirm()).kind).toBeNull()
    expect(await ann.whoAmI()).not.toBeNull()
    expect(log.join('\n')).toContain('the newsletter is down')
  })

  test('T7 with a second factor due, a link is a challenge and no session', async () => {
    const { client, mailbox } = await open({ strategy, more: [nod] })
    const ann = client(flow)
    const { confirm } = await receiveLink(ann, mailbox, newAddress())
    const { data } = await confirm()
    expect(data).toEqual({
      status: 'challenge',
      challenge: expect.any(String) as string,
      expiresIn: 300,
      factors: ['nod'],
    })
    expect(await ann.whoAmI()).toBeNull()
    await ann.mutate('auth.nod.verify', { challenge: data.challenge })
    expect(await ann.whoAmI()).not.toBeNull()
  })
})
