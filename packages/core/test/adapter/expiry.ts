import { describe, expect, test } from 'vitest'
import { addSession, addUser, minutes, NOW, readSession, type Store } from './support.ts'

export function describeExpiry(store: Store): void {
  describe('deleting one', () => {
    test('S12 a row goes from the moment it has expired', async () => {
      const session = await addSession(store, (await addUser(store)).id)
      await store().deleteSession(session.sessionToken, new Date(minutes(60).getTime() - 1))
      expect(await readSession(store, session)).toEqual(session)
      await store().deleteSession(session.sessionToken, minutes(60))
      expect(await readSession(store, session)).toBeNull()
      await store().deleteSession(session.sessionToken, minutes(60))
    })

    test('S03 a tombstone stays until it expires', async () => {
      const session = await addSession(store, (await addUser(store)).id, { revokedAt: NOW })
      await store().deleteSession(session.sessionToken, minutes(1))
      expect(await readSession(store, session)).toEqual(session)
    })

    test('without a moment it is the current one', async () => {
      const user = await addUser(store)
      const live = await addSession(store, user.id, { expires: new Date('2999-01-01') })
      const dead = await addSession(store, user.id, { expires: new Date('1999-01-01') })
      for (const { sessionToken } of [live, dead]) await store().deleteSession(sessionToken)
      expect(await readSession(store, live)).toEqual(live)
      expect(await readSession(store, dead)).toBeNull()
    })
  })

  describe('deleting what has expired', () => {
    /** Long before what other tests put into the store. */
    const past = (second: number) => new Date(Date.UTC(1990, 0, 1, 0, 0, second))

    test('D05 sessions and verification tokens go in batches no larger than the limit, and nothing else goes', async () => {
      const { id: userId } = await addUser(store)
      const dead = await Promise.all([1, 2, 3, 4].map((at) => addSession(store, userId, { expires: past(at) })))
      const tombstone = await addSession(store, userId, { expires: past(5), revokedAt: past(1) })
      const live = await addSession(store, userId, { expires: past(11) })
      const token = { identifier: userId, token: 'expired', expires: past(6) }
      const fresh = { identifier: userId, token: 'fresh', expires: past(11) }
      await store().createVerificationToken(token)
      await store().createVerificationToken(fresh)

      const counts = []
      for (let batch = 0; batch < 4; batch++) counts.push(await store().deleteExpired({ now: past(10), limit: 2 }))
      expect(counts).toEqual([2, 2, 2, 0])

      for (const session of [...dead, tombstone]) expect(await readSession(store, session)).toBeNull()
      expect(await readSession(store, live)).toEqual(live)
      expect(await store().useVerificationToken(token)).toBeNull()
      expect(await store().useVerificationToken(fresh)).toEqual(fresh)
    })

    test('D05 without a limit it takes at least a hundred, and a row that expires at this moment', async () => {
      const { id: userId } = await addUser(store)
      await Promise.all(Array.from({ length: 99 }, () => addSession(store, userId, { expires: past(1) })))
      await store().createVerificationToken({ identifier: userId, token: 'now', expires: past(2) })
      expect(await store().deleteExpired({ now: past(2) })).toBe(100)
      expect(await store().deleteExpired({ now: past(2) })).toBe(0)
    })
  })
}
