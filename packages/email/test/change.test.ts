import { type CompleteAdapter, memoryAdapter, type TableStore } from '@latchkey/core'
import { expect, test } from 'vitest'
import type { Client } from '../../../test/support/client.ts'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { open, type OpenOptions } from './support/open.ts'
import { newAddress, receiveCode, signInWithCode, wrong } from './support/people.ts'

const NOW = Date.UTC(2026, 10, 29, 12)

async function openPerson(flow: Client['flow'], options: OpenOptions = {}) {
  const adapter: CompleteAdapter & TableStore = memoryAdapter()
  const app = await open({ adapter, now: NOW, ...options })
  const [ann, old, wanted] = [app.client(flow), newAddress('old'), newAddress('new')]
  const id = await signInWithCode(ann, app.mailbox, old)
  const ask = (email: string = wanted) => ann.mutate('auth.account.changeEmail', { email })
  const confirm = (code: string) => ann.mutate('auth.account.confirmEmail', { code })
  const addressOf = async (userId: string) => (await adapter.getUser(userId))?.email
  return { ...app, adapter, ann, id, old, wanted, ask, confirm, addressOf }
}

describeEachWay(({ flow, strategy }) => {
  test('P12 the address changes once the new one is proven, and the old one gets notices', async () => {
    const { mailbox, id, old, wanted, ask, confirm, addressOf, adapter, ann } = await openPerson(flow, { strategy })
    expect((await ask()).data).toEqual({ status: 'sent', expiresIn: 600 })
    const { code } = await mailbox.take('changeCode', wanted)
    await mailbox.take('changeRequested', old)
    expect(await addressOf(id)).toBe(old)
    expect((await confirm(code)).data).toEqual({ email: wanted })
    await mailbox.take('changed', old)
    expect(await adapter.getUser(id)).toMatchObject({ email: wanted, emailVerified: new Date(NOW) })
    expect(await ann.whoAmI()).toBe(id)
    await mailbox.settle()
    expect(mailbox.sent).toEqual([])
  })

  test('P12 only for people who signed in recently', async () => {
    const { mailbox, id, old, ask, addressOf, wait } = await openPerson(flow, { strategy })
    wait(601)
    const { kind, status } = await ask()
    expect([kind, status]).toEqual(['StepUpRequired', 403])
    await mailbox.settle()
    expect([mailbox.sent, await addressOf(id)]).toEqual([[], old])
  })

  test('whoever was fresh when they asked may take the ten minutes that the code works', async () => {
    const { mailbox, wanted, ask, confirm, wait, id, addressOf } = await openPerson(flow, { strategy })
    wait(400)
    await ask()
    const { code } = await mailbox.take('changeCode', wanted)
    wait(300)
    expect((await confirm(code)).kind).toBeNull()
    expect(await addressOf(id)).toBe(wanted)
  })

  test('without a session there is nothing to change', async () => {
    const { client, wanted } = await openPerson(flow, { strategy })
    const nobody = client(flow)
    expect((await nobody.mutate('auth.account.changeEmail', { email: wanted })).kind).toBe('SessionRequired')
    expect((await nobody.mutate('auth.account.confirmEmail', { code: '000000' })).kind).toBe('SessionRequired')
  })

  test('S11 the other sessions end, and sign-ins with the old address are somebody new', async () => {
    const { client, mailbox, ann, id, old, wanted, ask, confirm } = await openPerson(flow, { strategy })
    const tablet = client(flow)
    await signInWithCode(tablet, mailbox, old)
    await ask()
    await confirm((await mailbox.take('changeCode', wanted)).code)
    expect([await ann.whoAmI(), await tablet.whoAmI()]).toEqual([id, null])
    expect(await signInWithCode(client(flow), mailbox, wanted)).toBe(id)
    expect(await signInWithCode(client(flow), mailbox, old)).not.toBe(id)
  })
})

test('P01 an address that is taken gets a notice, and who asks can’t tell', async () => {
  const { client, mailbox, id, old, ask, confirm, addressOf } = await openPerson('cookie')
  const taken = newAddress('bob')
  const bobsId = await signInWithCode(client('cookie'), mailbox, taken)
  const answers = [await ask(newAddress('free')), await ask(taken)]
  expect(answers[1]?.data).toEqual(answers[0]?.data)
  await mailbox.take('addressInUse', taken)
  await mailbox.settle()
  expect(mailbox.sent.map(({ type, to }) => [type, to]).filter(([, to]) => to === taken)).toEqual([])
  expect((await confirm('000000')).kind).toBe('CredentialsSignin')
  expect([await addressOf(id), await addressOf(bobsId)]).toEqual([old, taken])
})

test('somebody who proves the address first keeps it', async () => {
  const { client, mailbox, id, old, wanted, ask, confirm, addressOf } = await openPerson('cookie')
  await ask()
  const { code } = await mailbox.take('changeCode', wanted)
  const bobsId = await signInWithCode(client('cookie'), mailbox, wanted)
  expect((await confirm(code)).kind).toBe('EmailChangeTaken')
  expect([await addressOf(id), await addressOf(bobsId)]).toEqual([old, wanted])
})

test('a code of one account changes no other', async () => {
  const { client, mailbox, wanted, ask, addressOf } = await openPerson('cookie')
  const mallory = client('cookie')
  const malloryId = await signInWithCode(mallory, mailbox, newAddress('mallory'))
  await ask()
  const { code } = await mailbox.take('changeCode', wanted)
  expect((await mallory.mutate('auth.account.confirmEmail', { code })).kind).toBe('EmailChangeExpired')
  await mallory.mutate('auth.account.changeEmail', { email: newAddress('third') })
  expect((await mallory.mutate('auth.account.confirmEmail', { code })).kind).toBe('CredentialsSignin')
  expect(await addressOf(malloryId)).not.toBe(wanted)
})

test('a code to sign in with changes no address, and the other way round', async () => {
  const { client, mailbox, wanted, ask, confirm } = await openPerson('cookie')
  await ask()
  const change = await mailbox.take('changeCode', wanted)
  const { code, use } = await receiveCode(client('cookie'), mailbox, wanted)
  if (code === change.code) return
  expect((await confirm(code)).kind).toBe('CredentialsSignin')
  expect((await use(change.code)).kind).toBe('CredentialsSignin')
})

test('E02 a code works once, for ten minutes, until a newer one was sent, and for five guesses', async () => {
  const { mailbox, wanted, ask, confirm, wait } = await openPerson('cookie')
  const receive = async () => {
    await ask()
    return (await mailbox.take('changeCode', wanted)).code
  }
  const [first, second] = [await receive(), await receive()]
  if (first !== second) expect((await confirm(first)).kind).toBe('CredentialsSignin')
  for (let guess = 0; guess < 4; guess++) expect((await confirm(wrong(second))).kind).toBe('CredentialsSignin')
  expect((await confirm(second)).kind).toBe('EmailChangeExpired')
  const third = await receive()
  expect((await confirm(third)).kind).toBeNull()
  expect((await confirm(third)).kind).toBe('EmailChangeExpired')
  const fourth = await receive()
  wait(600)
  expect((await confirm(fourth)).kind).toBe('EmailChangeExpired')
})

test('E01 of 20 confirmations at once, one changes the address', async () => {
  const { mailbox, wanted, ask, confirm, told } = await openPerson('cookie')
  await ask()
  const { code } = await mailbox.take('changeCode', wanted)
  const answers = await Promise.all(Array.from({ length: 20 }, () => confirm(code)))
  expect(answers.filter(({ kind }) => kind === null)).toHaveLength(1)
  expect(told.filter(({ name }) => name === 'events.updateUser')).toHaveLength(1)
})

test('mails are limited for each account and each address', async () => {
  const { ask } = await openPerson('cookie')
  const kinds = []
  for (let index = 0; index < 11; index++) kinds.push((await ask(newAddress())).kind)
  expect(kinds.filter((kind) => kind === null)).toHaveLength(10)
  expect(kinds.at(-1)).toBe('RateLimited')
})

test('an address of one’s own that was never proven is proven like a new one', async () => {
  const adapter = memoryAdapter()
  const { client, mailbox } = await open({ adapter })
  const [ann, email] = [client('cookie'), newAddress()]
  const id = await signInWithCode(ann, mailbox, email)
  await adapter.updateUser({ id, emailVerified: null })
  await ann.mutate('auth.account.changeEmail', { email })
  const { code } = await mailbox.take('changeCode', email)
  expect((await ann.mutate('auth.account.confirmEmail', { code })).kind).toBeNull()
  expect((await adapter.getUser(id))?.emailVerified).toEqual(expect.any(Date))
  await mailbox.settle()
  expect(mailbox.sent).toEqual([])
})
