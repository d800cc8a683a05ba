import { memoryAdapter } from '@latchkey/core'
import { expect, test } from 'vitest'
import { open } from './support/open.ts'
import { newAddress, signInWithCode } from './support/people.ts'

test('changing the address stands beside exporting and deleting the account', async () => {
  const adapter = memoryAdapter()
  const { client, mailbox } = await open({ adapter })
  const [ann, email, wanted] = [client('cookie'), newAddress(), newAddress('new')]
  const id = await signInWithCode(ann, mailbox, email)
  await ann.mutate('auth.account.changeEmail', { email: wanted })
  const { code } = await mailbox.take('changeCode', wanted)
  const exported = await ann.query('auth.account.export')
  expect(exported.data).toMatchObject({ plugins: { account: { requested: { email: wanted } } } })
  expect(exported.text).not.toContain(`"${code}"`)
  expect((await ann.mutate('auth.account.delete')).data).toEqual({ deleted: true })
  expect([await adapter.getUser(id), await ann.whoAmI()]).toEqual([null, null])
  // The same person, somebody new: what they had asked for is gone with the account.
  expect(await signInWithCode(ann, mailbox, email)).not.toBe(id)
  expect((await ann.mutate('auth.account.confirmEmail', { code })).kind).toBe('EmailChangeExpired')
})

test('a verified address is a way to sign in', async () => {
  const adapter = memoryAdapter()
  const { client, mailbox } = await open({ adapter })
  const ann = client('cookie')
  const id = await signInWithCode(ann, mailbox, newAddress())
  // The library names none of its ways to clients; that the last linked account may go shows that there is another.
  await adapter.linkAccount({ userId: id, provider: 'github', providerAccountId: '17', type: 'oauth' })
  const accounts = await ann.query<readonly { id: string }[]>('auth.accounts.list')
  expect(accounts.data).toHaveLength(1)
  const unlink = () => ann.mutate('auth.accounts.unlink', { id: accounts.data[0]?.id })
  await adapter.updateUser({ id, emailVerified: null })
  expect((await unlink()).kind).toBe('LastWayIn')
  await adapter.updateUser({ id, emailVerified: new Date() })
  expect((await unlink()).kind).toBeNull()
})
