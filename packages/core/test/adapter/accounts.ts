import { describe, expect, test } from 'vitest'
import { addUser, type Store } from './support.ts'

export function describeAccounts(store: Store): void {
  describe('accounts', () => {
    test('a linked account finds its user, until it is unlinked', async () => {
      const user = await addUser(store)
      const account = { provider: 'github', providerAccountId: user.id, type: 'oauth', userId: user.id }
      expect(await store().getUserByAccount(account)).toBeNull()
      await store().linkAccount(account)
      expect(await store().getUserByAccount(account)).toEqual(user)
      await store().unlinkAccount(account)
      expect(await store().getUserByAccount(account)).toBeNull()
      expect(await store().getUser(user.id)).toEqual(user)
      await store().unlinkAccount(account)
    })

    test('an account is its provider and its id there, letter by letter', async () => {
      const user = await addUser(store)
      const id = `Id-${user.id}`
      await store().linkAccount({ provider: 'github', providerAccountId: id, type: 'oauth', userId: user.id })
      for (const other of [id.toLowerCase(), `${id} `, `${id}x`, '']) {
        expect(await store().getUserByAccount({ provider: 'github', providerAccountId: other })).toBeNull()
      }
      expect(await store().getUserByAccount({ provider: 'gitlab', providerAccountId: id })).toBeNull()
      expect(await store().getUserByAccount({ provider: 'github', providerAccountId: id })).toEqual(user)
    })

    test('an account belongs to one user and stays theirs', async () => {
      const [ada, bob] = [await addUser(store), await addUser(store)]
      const account = { provider: 'github', providerAccountId: ada.id, type: 'oauth' }
      await store().linkAccount({ ...account, userId: ada.id })
      await expect(store().linkAccount({ ...account, userId: bob.id })).rejects.toThrow()
      expect(await store().getUserByAccount(account)).toEqual(ada)
    })

    test('one user may have several', async () => {
      const user = await addUser(store)
      for (const provider of ['github', 'google']) {
        await store().linkAccount({ provider, providerAccountId: user.id, type: 'oidc', userId: user.id })
        expect(await store().getUserByAccount({ provider, providerAccountId: user.id })).toEqual(user)
      }
    })

    test('an account of an unknown user is refused', async () => {
      const account = { provider: 'github', providerAccountId: 'of-nobody', type: 'oauth', userId: 'nobody' }
      await expect(store().linkAccount(account)).rejects.toThrow()
    })

    test('a token of the provider may come along and does not matter', async () => {
      const user = await addUser(store)
      const account = { provider: 'github', providerAccountId: user.id, type: 'oauth', userId: user.id }
      await store().linkAccount({ ...account, access_token: 'secret', expires_at: 1 })
      expect(await store().getUserByAccount(account)).toEqual(user)
    })
  })
}
