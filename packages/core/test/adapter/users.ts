import { describe, expect, test } from 'vitest'
import { addSession, addUser, minutes, NOW, readSession, type Store } from './support.ts'

export function describeUsers(store: Store): void {
  describe('users', () => {
    test('a user is made with the id that is given, and found again whole', async () => {
      const id = crypto.randomUUID()
      const user = { id, name: 'Ada', email: `${id}@example.com`, image: '/ada.png', emailVerified: NOW }
      expect(await store().createUser(user)).toEqual(user)
      expect(await store().getUser(id)).toEqual(user)
    })

    test('what is not given is null', async () => {
      const id = crypto.randomUUID()
      const empty = { id, name: null, email: null, image: null, emailVerified: null }
      expect(await store().createUser({ id, name: undefined })).toEqual(empty)
      expect(await store().getUser(id)).toEqual(empty)
    })

    test('nobody is found under an unknown id or address', async () => {
      await addUser(store)
      expect(await store().getUser('nobody')).toBeNull()
      expect(await store().getUserByEmail('nobody@example.com')).toBeNull()
      expect(await store().getUserByEmail('')).toBeNull()
    })

    test('an id that is taken is refused, and its user stays as they are', async () => {
      const user = await addUser(store)
      await expect(store().createUser({ id: user.id, name: 'Eve', email: 'eve@example.com' })).rejects.toThrow()
      expect(await store().getUser(user.id)).toEqual(user)
      expect(await store().getUserByEmail('eve@example.com')).toBeNull()
    })

    test('ids that differ in case only are two people', async () => {
      const id = crypto.randomUUID()
      await addUser(store, { id: `u-${id}`, name: 'lower' })
      await addUser(store, { id: `U-${id}`, name: 'upper' })
      expect(await store().getUser(`u-${id}`)).toMatchObject({ name: 'lower' })
      expect(await store().getUser(`U-${id}`)).toMatchObject({ name: 'upper' })
    })

    test('an id with a space behind it is not the same id', async () => {
      const { id } = await addUser(store)
      expect(await store().getUser(`${id} `)).toBeNull()
    })

    test('an address is kept as it was given, found in any case, and unique whatever its case', async () => {
      const name = crypto.randomUUID()
      const user = await addUser(store, { email: `Ada.${name}@Example.COM` })
      expect(user.email).toBe(`Ada.${name}@Example.COM`)
      expect(await store().getUserByEmail(`ada.${name}@example.com`)).toEqual(user)
      expect(await store().getUserByEmail(`ADA.${name.toUpperCase()}@EXAMPLE.COM`)).toEqual(user)
      await expect(addUser(store, { email: `aDA.${name}@example.com` })).rejects.toThrow()
    })

    test.each([
      { look: 'an accent', email: (name: string) => `jos\u00e9.${name}@example.com` },
      { look: 'the Kelvin sign', email: (name: string) => `jo\u212ae.${name}@example.com` },
      { look: 'a dotless i', email: (name: string) => `jos\u0131.${name}@example.com` },
      { look: 'a space behind', email: (name: string) => `jose.${name}@example.com ` },
    ])('an address with $look is not found in the place of the plain one', async ({ email }) => {
      const name = crypto.randomUUID()
      for (const plain of ['jose', 'joke', 'josi']) await addUser(store, { email: `${plain}.${name}@example.com` })
      expect(await store().getUserByEmail(`jose.${name}@example.com`)).not.toBeNull()
      expect(await store().getUserByEmail(email(name))).toBeNull()
    })

    test('any number of users have no address', async () => {
      await addUser(store, { email: null })
      await addUser(store, { email: null })
    })

    test('an update writes the fields that are given and answers the whole row', async () => {
      const user = await addUser(store, { image: '/ada.png' })
      const changed = { ...user, name: 'Countess', emailVerified: NOW }
      expect(await store().updateUser({ id: user.id, name: 'Countess', emailVerified: NOW })).toEqual(changed)
      expect(await store().getUser(user.id)).toEqual(changed)
      expect(await store().updateUser({ id: user.id, image: undefined })).toEqual(changed)
      expect(await store().updateUser({ id: user.id, image: null })).toEqual({ ...changed, image: null })
    })

    test('an update of an unknown user, or to another user’s address, is refused', async () => {
      const [ada, bob] = [await addUser(store), await addUser(store)]
      await expect(store().updateUser({ id: 'nobody', name: 'Eve' })).rejects.toThrow()
      await expect(store().updateUser({ id: 'nobody' })).rejects.toThrow()
      await expect(store().updateUser({ id: ada.id, email: String(bob.email).toUpperCase() })).rejects.toThrow()
      expect(await store().getUser(ada.id)).toEqual(ada)
    })

    test('a user may change the case of their own address', async () => {
      const user = await addUser(store)
      const email = String(user.email).toUpperCase()
      expect(await store().updateUser({ id: user.id, email })).toMatchObject({ email })
    })

    test('S10 a deleted user goes with their accounts and sessions, and nobody else does', async () => {
      const [ada, bob] = [await addUser(store), await addUser(store)]
      const [hers, his] = [await addSession(store, ada.id), await addSession(store, bob.id)]
      const account = { provider: 'github', providerAccountId: ada.id, type: 'oauth', userId: ada.id }
      await store().linkAccount(account)
      await store().deleteUser(ada.id)
      expect(await store().getUser(ada.id)).toBeNull()
      expect(await store().getSessionAndUser(hers.sessionToken)).toBeNull()
      expect(await store().getUserByAccount(account)).toBeNull()
      expect(await store().getSessionAndUser(his.sessionToken)).toMatchObject({ user: { id: bob.id } })
      // Nor do they come back with a user who gets the same id.
      await addUser(store, { id: ada.id })
      expect(await store().listSessions({ userId: ada.id, now: minutes(1) })).toEqual([])
      expect(await store().getUserByAccount(account)).toBeNull()
    })

    test('M20 an id that differs by a space names nobody, whatever is asked or done', async () => {
      const user = await addUser(store)
      const session = await addSession(store, user.id)
      const account = { provider: 'github', providerAccountId: user.id, type: 'oauth', userId: user.id }
      await store().linkAccount(account)
      const now = minutes(1)
      for (const other of [`${user.id} `, ` ${user.id}`, `${user.id}  `]) {
        await expect(store().updateUser({ id: other, name: 'Eve' })).rejects.toThrow()
        await expect(
          store().linkAccount({ provider: 'gitlab', providerAccountId: other, type: 'oauth', userId: other }),
        ).rejects.toThrow()
        await store().unlinkAccount({ ...account, providerAccountId: other })
        await store().unlinkAccount({ ...account, provider: 'github ' })
        expect(await store().getUserByAccount({ ...account, provider: 'github ' })).toBeNull()
        expect(await store().listSessions({ userId: other, now })).toEqual([])
        expect(await store().revokeSession({ id: session.id, userId: other, now })).toBe(false)
        expect(await store().revokeSession({ id: `${session.id} `, userId: user.id, now })).toBe(false)
        expect(await store().revokeSessions({ userId: other, now })).toEqual([])
        const sessionToken = `${session.sessionToken} `
        const later = { sessionToken, expires: minutes(90) }
        expect(await store().slideSession({ ...later, lastSeenAt: now })).toBe(false)
        expect(await store().rotateSession({ ...later, from: 0, to: 1, now })).toBe(false)
        expect(await store().rotateSession({ ...later, from: 0, to: 0, now })).toBe(false)
        expect(await store().writeSessionClaims({ sessionToken, revision: 0, claims: {} })).toBe(false)
        await store().deleteSession(sessionToken, minutes(999))
        await store().deleteUser(other)
      }
      expect(await store().getUser(user.id)).toEqual(user)
      expect(await store().getUserByAccount(account)).toEqual(user)
      expect(await readSession(store, session)).toEqual(session)
    })

    test('deleting twice, or nobody, is no error', async () => {
      const { id } = await addUser(store)
      await store().deleteUser(id)
      await store().deleteUser(id)
      await store().deleteUser('nobody')
    })
  })
}
