import { memoryAdapter } from '@latchkey/core'
import { expect, test } from 'vitest'
import { open } from './support/open.ts'
import { newAddress, receiveCode, receiveLink, signInWithCode } from './support/people.ts'

/** An account that somebody made with another's address, which they never proved. */
async function openPlanted() {
  const adapter = memoryAdapter()
  const app = await open({ adapter })
  const [mallory, victims] = [app.client('cookie'), newAddress('victim')]
  const id = await signInWithCode(mallory, app.mailbox, newAddress('mallory'))
  await adapter.updateUser({ id, email: victims, emailVerified: null })
  return { ...app, adapter, mallory, victims, id }
}

test.each(['code', 'link'] as const)(
  'E05 whoever proves the address has the account for themselves (%s)',
  async (way) => {
    const { client, mailbox, adapter, mallory, victims, id } = await openPlanted()
    const victim = client('cookie')
    if (way === 'code') await (await receiveCode(victim, mailbox, victims)).use()
    else await (await receiveLink(victim, mailbox, victims)).confirm()
    expect([await victim.whoAmI(), await mallory.whoAmI()]).toEqual([id, null])
    expect(await adapter.getUser(id)).toMatchObject({ email: victims, emailVerified: expect.any(Date) as Date })
  },
)

test('E05 a change of address that was asked for before ends with it', async () => {
  const { client, mailbox, adapter, mallory, victims, id } = await openPlanted()
  const theirs = newAddress('theirs')
  await mallory.mutate('auth.account.changeEmail', { email: theirs })
  const { code } = await mailbox.take('changeCode', theirs)
  const victim = client('cookie')
  await signInWithCode(victim, mailbox, victims)
  // Even with the session of the person who has the account now.
  expect((await victim.mutate('auth.account.confirmEmail', { code })).kind).toBe('EmailChangeExpired')
  expect((await adapter.getUser(id))?.email).toBe(victims)
})
