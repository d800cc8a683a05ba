import { describe, expect, test } from 'vitest'
import { addSession, addUser, minutes, NOW, readSession, type Store } from './support.ts'

/** More than a store can end one by one before somebody looks. */
const MANY = 400

export function describeRevocation(store: Store): void {
  describe('revoking one', () => {
    test('S03 a session ends by its public id, once, and its row stays as a tombstone', async () => {
      const session = await addSession(store, (await addUser(store)).id)
      const { id, userId } = session
      expect(await store().revokeSession({ id, userId, now: minutes(1) })).toBe(true)
      expect(await store().revokeSession({ id, userId, now: minutes(2) })).toBe(false)
      expect(await readSession(store, session)).toEqual({ ...session, revokedAt: minutes(1) })
    })

    test('Z03 another user’s session is not ended', async () => {
      const [ada, eve] = [await addUser(store), await addUser(store)]
      const session = await addSession(store, ada.id)
      expect(await store().revokeSession({ id: session.id, userId: eve.id, now: minutes(1) })).toBe(false)
      expect(await readSession(store, session)).toEqual(session)
    })

    test('C5 the public id is the only handle: the hash of the token ends nothing', async () => {
      const session = await addSession(store, (await addUser(store)).id)
      const { sessionToken: id, userId } = session
      expect(await store().revokeSession({ id, userId, now: minutes(1) })).toBe(false)
      expect(await readSession(store, session)).toEqual(session)
    })

    test('an unknown session and an expired one are not ended', async () => {
      const { id: userId } = await addUser(store)
      const expired = await addSession(store, userId, { expires: minutes(1) })
      expect(await store().revokeSession({ id: 'nothing', userId, now: minutes(1) })).toBe(false)
      expect(await store().revokeSession({ id: expired.id, userId, now: minutes(1) })).toBe(false)
      expect(await readSession(store, expired)).toEqual(expired)
    })
  })

  describe('revoking all', () => {
    test('S10 all of a user’s live sessions end but the one that is kept, and their ids are answered', async () => {
      const [ada, bob] = [await addUser(store), await addUser(store)]
      const [first, second, kept] = [
        await addSession(store, ada.id),
        await addSession(store, ada.id),
        await addSession(store, ada.id),
      ]
      const dead = await addSession(store, ada.id, { revokedAt: NOW })
      const expired = await addSession(store, ada.id, { expires: minutes(1) })
      const his = await addSession(store, bob.id)
      const ended = await store().revokeSessions({ userId: ada.id, except: kept.id, now: minutes(1) })
      expect([...ended].sort()).toEqual([first.id, second.id].sort())
      for (const gone of [first, second])
        expect(await readSession(store, gone)).toEqual({ ...gone, revokedAt: minutes(1) })
      for (const same of [kept, dead, expired, his]) expect(await readSession(store, same)).toEqual(same)
    })

    test('S10 without an exception none is left, and a second time there is nothing to end', async () => {
      const { id: userId } = await addUser(store)
      const sessions = [await addSession(store, userId), await addSession(store, userId)]
      const ended = await store().revokeSessions({ userId, now: minutes(1) })
      expect([...ended].sort()).toEqual(sessions.map(({ id }) => id).sort())
      expect(await store().listSessions({ userId, now: minutes(1) })).toEqual([])
      expect(await store().revokeSessions({ userId, now: minutes(1) })).toEqual([])
    })

    test('M20 an exception that differs by a space keeps nothing', async () => {
      const session = await addSession(store, (await addUser(store)).id)
      const { id, userId } = session
      expect(await store().revokeSessions({ userId, except: `${id} `, now: minutes(1) })).toEqual([id])
    })

    test('M20 however many there are, all end at once: nobody sees some ended and some not', async () => {
      const { id: userId } = await addUser(store)
      const sessions = await Promise.all(Array.from({ length: MANY }, () => addSession(store, userId)))
      const now = minutes(1)
      const counts = new Set<number>()
      const revocation = { isOver: false }
      const look = async () => {
        while (!revocation.isOver) counts.add((await store().listSessions({ userId, now })).length)
      }
      const looking = look()
      const ended = await store().revokeSessions({ userId, now })
      revocation.isOver = true
      await looking
      expect([...ended].sort()).toEqual(sessions.map(({ id }) => id).sort())
      counts.add((await store().listSessions({ userId, now })).length)
      for (const count of counts) expect([0, MANY]).toContain(count)
      expect(counts).toContain(0)
    })

    test('an exception that is nobody’s session, and an unknown user', async () => {
      const session = await addSession(store, (await addUser(store)).id)
      const { id, userId } = session
      expect(await store().revokeSessions({ userId: 'nobody', except: id, now: minutes(1) })).toEqual([])
      expect(await store().revokeSessions({ userId, except: 'nothing', now: minutes(1) })).toEqual([id])
    })
  })
}
