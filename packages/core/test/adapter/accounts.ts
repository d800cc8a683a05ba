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

    test('a user’s accounts are listed, and nobody else’s', async () => {
      const [ada, bob] = [await addUser(store), await addUser(store)]
      expect(await store().listAccounts(ada.id)).toEqual([])
      for (const [provider, user] of [
        ['google', ada],
        ['github', bob],
        ['github', ada],
      ] as const)
        await store().linkAccount({ provider, providerAccountId: user.id, type: 'oidc', userId: user.id })
      const account = { providerAccountId: ada.id, type: 'oidc', userId: ada.id }
      expect(await store().listAccounts(ada.id)).toEqual([
        { ...account, provider: 'github' },
        { ...account, provider: 'google' },
      ])
      for (const id of [`${ada.id} `, '', ada.id.toUpperCase(), 'nobody', 'a\0b', '\ud800'])
        expect(await store().listAccounts(id)).toEqual([])
      await store().unlinkAccount({ ...account, provider: 'google' })
      expect(await store().listAccounts(ada.id)).toHaveLength(1)
      await store().deleteUser(ada.id)
      expect(await store().listAccounts(ada.id)).toEqual([])
      expect(await store().listAccounts(bob.id)).toHaveLength(1)
    })

    test('an account that is unlinked for another user stays', async () => {
      const [ada, bob] = [await addUser(store), await addUser(store)]
      const account = { provider: 'github', providerAccountId: ada.id, type: 'oauth' }
      await store().linkAccount({ ...account, userId: ada.id })
      for (const userId of [bob.id, '', `${ada.id} `]) await store().unlinkAccount({ ...account, userId })
      expect(await store().getUserByAccount(account)).toEqual(ada)
      await store().unlinkAccount({ ...account, userId: ada.id })
      expect(await store().getUserByAccount(account)).toBeNull()
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
