import { type CompleteAdapter, memoryAdapter, type TableStore } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { distinguish } from '../../../test/support/distinguish.ts'
import { open } from './support/open.ts'
import { askForCode, askForLink, newAddress, receiveCode, signInWithCode } from './support/people.ts'

const WAYS = [
  { way: 'a code', ask: askForCode, option: 'code' },
  { way: 'a link', ask: askForLink, option: 'link' },
] as const

describe.each(WAYS)('signUp: false, $way', ({ ask, option }) => {
  const closed = { [option]: { signUp: false } }

  test('P01 an address without an account gets the same response, and no mail', async () => {
    const { adapter, known } = await createStore()
    const { client, mailbox } = await open({ adapter, ...closed })
    const answers = [await ask(client('cookie'), known), await ask(client('cookie'), newAddress('unknown'))]
    const [of, other] = answers.map(({ status, data, headers }) => ({ status, data, names: [...headers.keys()] }))
    expect(other).toEqual(of)
    await mailbox.settle()
    expect(mailbox.sent.map(({ to }) => to)).toEqual([known])
  })

  test('P01 what is refused then is refused alike', async () => {
    const { adapter, known } = await createStore()
    const { client } = await open({ adapter, ...closed })
    const refusals = []
    for (const email of [known, newAddress('unknown')]) {
      const person = client('cookie')
      await ask(person, email)
      const kinds = []
      const provider = option === 'code' ? 'email-code' : 'magic-link'
      for (let guess = 0; guess < 6; guess++)
        kinds.push((await person.mutate('auth.signIn', { provider, email, code: '000000' })).kind)
      refusals.push(kinds)
    }
    expect(refusals[1]).toEqual(refusals[0])
    expect(refusals[0]?.at(-1)).not.toBe('CredentialsSignin')
  })

  test('P02 in the same time', async () => {
    const many = { max: 100_000, window: '1h' } as const
    const limits = { perAddress: many, perAddressAndClient: many, perClient: many, total: many }
    const { adapter, known } = await createStore()
    // As many digits as so many mails ask for.
    const { client } = await open({ adapter, [option]: { signUp: false, digits: 10, limits } })
    const [ann, unknown] = [client('cookie'), newAddress('other')]
    const { auc, median, slower } = await distinguish([() => ask(ann, known), () => ask(ann, unknown)], {
      pairs: 300,
      warmUps: 50,
    })
    expect(auc).toBeGreaterThan(0.42)
    expect(auc).toBeLessThan(0.58)
    expect(median).toBeLessThan(Math.max(2, slower * 0.05))
  }, 120_000)
})

test('signUp: false, somebody who has an account is signed in', async () => {
  const { adapter, known, id } = await createStore()
  const { client, mailbox } = await open({ adapter, code: { signUp: false } })
  expect(await signInWithCode(client('cookie'), mailbox, known)).toBe(id)
})

test('signUp: false, an account that is gone meanwhile is not made again', async () => {
  const { adapter, known, id } = await createStore()
  const { client, mailbox } = await open({ adapter, code: { signUp: false } })
  const { use } = await receiveCode(client('cookie'), mailbox, known)
  await adapter.deleteUser(id)
  expect((await use()).kind).toBe('AccessDenied')
  expect(await adapter.getUserByEmail(known)).toBeNull()
})

/** A store with one user. */
async function createStore(): Promise<{ adapter: CompleteAdapter & TableStore; known: string; id: string }> {
  const adapter = memoryAdapter()
  const [id, known] = [crypto.randomUUID(), newAddress('known')]
  await adapter.createUser({ id, email: known, emailVerified: new Date(), name: null, image: null })
  return { adapter, known, id }
}
