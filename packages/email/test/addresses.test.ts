import { parseEmailAddress } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { describeVectors } from '../../core/test/support/vectors.ts'
import { open, type Opened } from './support/open.ts'
import { newAddress, receiveCode, signInWithCode } from './support/people.ts'

/** Every operation that takes an address, by somebody who may call it. */
const WAYS = ['email-code', 'magic-link', 'account.changeEmail'] as const

async function openWay(way: (typeof WAYS)[number]) {
  const app = await open()
  const client = app.client('cookie')
  if (way === 'account.changeEmail') await signInWithCode(client, app.mailbox, newAddress('owner'))
  const ask = (email: unknown) =>
    way === 'account.changeEmail'
      ? client.mutate('auth.account.changeEmail', { email })
      : client.mutate('auth.signIn', { provider: way, email })
  return { app, ask }
}

/** To whom mails have gone since. */
async function recipients({ mailbox }: Opened) {
  await mailbox.settle()
  return mailbox.sent.splice(0).map(({ to }) => to)
}

const attack = z.object({ in: z.unknown(), expect: z.string() })

describeVectors('E06 attack-lists/emails.json', (read) => {
  const { cases } = read('attack-lists/emails.json', z.object({ cases: z.array(attack) }))

  describe.each(WAYS)('%s', (way) => {
    test('takes an address', async () => {
      const { app, ask } = await openWay(way)
      expect((await ask('victim@victim.example')).kind).toBeNull()
      expect(await recipients(app)).toContain('victim@victim.example')
    })

    test('refuses what is none, and sends nothing', async () => {
      const { app, ask } = await openWay(way)
      const refused = cases.filter(({ expect: outcome }) => outcome.startsWith('reject'))
      expect(refused.length).toBeGreaterThan(15)
      for (const { in: given } of refused) {
        const { kind, status, error } = await ask(given)
        expect({ given, kind, status, fields: error?.fields }).toEqual({
          given,
          kind: 'InvalidInput',
          status: 400,
          fields: ['email'],
        })
      }
      expect(await recipients(app)).toEqual([])
    })

    test('sends to one form of an address', async () => {
      const { app, ask } = await openWay(way)
      const normal = cases.filter(({ expect: outcome }) => outcome.startsWith('normalize:'))
      expect(normal.length).toBeGreaterThan(1)
      for (const { in: given, expect: outcome } of normal) {
        expect((await ask(given)).kind).toBeNull()
        const [, address = ''] = /^normalize:(\S+)/.exec(outcome) ?? []
        expect((await recipients(app)).filter((to) => !to.startsWith('owner'))).toEqual([address])
      }
    })
  })
})

test('D03 every spelling of an address is one account', async () => {
  const { client, mailbox } = await open()
  const ids = new Set<string | null>()
  const email = 'ann@bücher.example'
  for (const spelling of [email, ' Ann@Bücher.Example ', 'ANN@XN--BCHER-KVA.EXAMPLE']) {
    const ann = client('cookie')
    const asked = await ann.mutate('auth.signIn', { provider: 'email-code', email: spelling })
    expect(asked.kind).toBeNull()
    const { code } = await mailbox.take('code', parseEmailAddress(email) ?? '')
    await ann.mutate('auth.signIn', { provider: 'email-code', email: spelling, code })
    ids.add(await ann.whoAmI())
  }
  expect([...ids]).toEqual([expect.any(String)])
})

test('D03 20 people with one new address at once are one user', async () => {
  const { client, mailbox, told } = await open({
    code: { limits: { perAddress: { max: 30, window: '1h' }, perAddressAndClient: { max: 30, window: '1h' } } },
  })
  const email = newAddress()
  const people = []
  for (let index = 0; index < 20; index++) {
    const person = client('token')
    people.push({ person, ...(await receiveCode(person, mailbox, email)) })
  }
  await Promise.all(people.map(({ use }) => use()))
  const ids = await Promise.all(people.map(({ person }) => person.whoAmI()))
  expect(new Set(ids.filter((id) => id !== null)).size).toBe(1)
  expect(told.filter(({ name }) => name === 'events.createUser')).toHaveLength(1)
})
