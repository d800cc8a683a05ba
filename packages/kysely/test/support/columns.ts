import { beforeAll, describe, expect, test } from 'vitest'
import { type AdapterUser } from '@latchkey/core'
import { kyselyAdapter } from '../../src/index.ts'
import { migrateToLatest } from '../../src/migrate.ts'
import type { Db, TestDatabase } from './database.ts'
import { addAppColumns, sessionOf } from './rows.ts'

/** A users table with columns of the app's own, some called like a session's. */
export function describeColumns(open: () => () => TestDatabase): void {
  describe('columns of the app', () => {
    const database = open()
    let db: Db
    beforeAll(async () => {
      db = database().connect()
      await migrateToLatest(db)
      await addAppColumns(db)
    })
    const own = {
      role: 'admin',
      orgId: 'o1',
      settings: null,
      expires: 'never',
      session_token: 'x',
      user_id: 'y',
      claims: 'z',
    }
    const add = (fields: Partial<AdapterUser> = {}) => {
      const id = crypto.randomUUID()
      return kyselyAdapter(db).createUser({ id, email: `${id}@example.com`, ...own, ...fields })
    }

    test('H11 are written and handed on as they are, and a session’s columns are not mixed up with them', async () => {
      const adapter = kyselyAdapter(db)
      const user = await add()
      expect(user).toMatchObject(own)
      expect(await adapter.getUser(user.id)).toEqual(user)
      expect(await adapter.getUserByEmail(String(user.email))).toEqual(user)
      const session = sessionOf(user.id, { claims: { org: 'acme' } })
      await adapter.createSession(session)
      expect(await adapter.getSessionAndUser(session.sessionToken)).toMatchObject({ session, user })
      await adapter.linkAccount({ provider: 'p', providerAccountId: user.id, type: 'oauth', userId: user.id })
      expect(await adapter.getUserByAccount({ provider: 'p', providerAccountId: user.id })).toEqual(user)
    })

    test('H11 keep the defaults of the table where nothing is given', async () => {
      const user = await kyselyAdapter(db).createUser({ id: crypto.randomUUID(), name: 'Ada' })
      expect(user).toMatchObject({ role: 'member', orgId: null })
      expect(await kyselyAdapter(db).getUser(user.id)).toEqual(user)
    })

    test('H11 change with the row, and the next look-up sees it', async () => {
      const adapter = kyselyAdapter(db)
      const user = await add({ role: 'member' })
      const session = sessionOf(user.id)
      await adapter.createSession(session)
      await db.updateTable('users').set({ role: 'admin' }).where('id', '=', user.id).execute()
      expect((await adapter.getSessionAndUser(session.sessionToken))?.user.role).toBe('admin')
      expect(await adapter.updateUser({ id: user.id, role: 'owner', orgId: null })).toEqual({
        ...user,
        role: 'owner',
        orgId: null,
      })
    })

    test('an unknown column is refused by the database, and nothing is written', async () => {
      const id = crypto.randomUUID()
      await expect(kyselyAdapter(db).createUser({ id, nonsense: 1 })).rejects.toThrow(/nonsense/)
      expect(await kyselyAdapter(db).getUser(id)).toBeNull()
    })

    test.each([
      { hostile: 'an object', value: { role: 'admin' }, kept: '{"role":"admin"}' },
      { hostile: 'an object named like a column', value: { id: '1' }, kept: '{"id":"1"}' },
    ])(
      'D01 $hostile in a field is written as text and never becomes part of the statement',
      async ({ value, kept }) => {
        const [ada, bob] = [await add(), await add()]
        expect(await kyselyAdapter(db).updateUser({ id: ada.id, settings: value })).toEqual({ ...ada, settings: kept })
        expect(await kyselyAdapter(db).getUser(bob.id)).toEqual(bob)
      },
    )

    test('D01 an object in the place of an id or an address finds and changes nobody', async () => {
      const adapter = kyselyAdapter(db)
      const [ada, bob] = [await add(), await add()]
      // What an app that forgot to check its input would hand on.
      for (const forged of [{ id: 1 }, { email: 1 }, [ada.id, bob.id], true, 0, null]) {
        const input = forged as unknown as string
        expect(await adapter.getUser(input)).toBeNull()
        expect(await adapter.getUserByEmail(input)).toBeNull()
        expect(await adapter.getSessionAndUser(input)).toBeNull()
        expect(await adapter.revokeSessions({ userId: input, now: new Date() })).toEqual([])
        await expect(adapter.updateUser({ id: input, role: 'owner' })).rejects.toThrow()
        await adapter.deleteUser(input)
      }
      expect([await adapter.getUser(ada.id), await adapter.getUser(bob.id)]).toEqual([ada, bob])
    })

    test('a boolean in a text column does not take the process down', async () => {
      const user = await add({ settings: true }).catch(() => null)
      expect([null, '1', '1.0', 'true']).toContain(user && user.settings)
    })
  })
}
