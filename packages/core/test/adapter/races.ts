import { describe, expect, test } from 'vitest'
import { addSession, addUser, atOnce, minutes, readSession, sessionOf, type Store } from './support.ts'

/** Many at once, as the requests of one page or of several instances come. */
export function describeRaces(store: Store): void {
  describe('at once', () => {
    test('D03 of twenty sign-ups with one address in different cases one makes a user', async () => {
      const name = crypto.randomUUID()
      const spell = (index: number) =>
        Array.from(`ada.${name}@example.com`)
          .map((letter, at) => ((index >> (at % 5)) & 1 ? letter.toUpperCase() : letter))
          .join('')
      const made = await atOnce(20, (index) => addUser(store, { email: spell(index) }))
      const users = made.filter((user) => user !== 'refused')
      expect(users).toHaveLength(1)
      for (let index = 0; index < 20; index++) expect(await store().getUserByEmail(spell(index))).toEqual(users[0])
    })

    test('O10 of twenty users with one id one is made', async () => {
      const id = crypto.randomUUID()
      const made = await atOnce(20, (index) => addUser(store, { id, name: String(index), email: null }))
      const users = made.filter((user) => user !== 'refused')
      expect(users).toHaveLength(1)
      expect(await store().getUser(id)).toEqual(users[0])
    })

    test('of twenty sessions with one token one is made', async () => {
      const { id: userId } = await addUser(store)
      const { sessionToken } = sessionOf(userId)
      const made = await atOnce(20, () => addSession(store, userId, { sessionToken }))
      expect(made.filter((session) => session !== 'refused')).toHaveLength(1)
      expect(await store().listSessions({ userId, now: minutes(1) })).toHaveLength(1)
    })

    test('S12 of fifty slides to one expiry one moves the row', async () => {
      const session = await addSession(store, (await addUser(store)).id)
      const slide = { sessionToken: session.sessionToken, expires: minutes(90), lastSeenAt: minutes(30) }
      const slid = await atOnce(50, () => store().slideSession(slide))
      expect(slid.filter((moved) => moved === true)).toHaveLength(1)
      expect(slid.filter((moved) => moved === false)).toHaveLength(49)
      expect(await readSession(store, session)).toMatchObject({ expires: minutes(90) })
    })

    test('S12 of fifty slides to different expiries the latest stays', async () => {
      const session = await addSession(store, (await addUser(store)).id)
      const { sessionToken } = session
      const slid = await atOnce(50, (index) =>
        store().slideSession({ sessionToken, expires: minutes(70 + ((index * 7) % 50)), lastSeenAt: minutes(30) }),
      )
      expect(slid).not.toContain('refused')
      expect(await readSession(store, session)).toMatchObject({ expires: minutes(119) })
    })

    test('R9 of fifty rotations from one generation one wins', async () => {
      const session = await addSession(store, (await addUser(store)).id)
      const rotation = { sessionToken: session.sessionToken, from: 0, to: 1, expires: minutes(90), now: minutes(30) }
      const rotated = await atOnce(50, () => store().rotateSession(rotation))
      expect(rotated.filter((won) => won === true)).toHaveLength(1)
      expect(rotated.filter((won) => won === false)).toHaveLength(49)
      expect(await readSession(store, session)).toMatchObject({ generation: 1 })
    })

    test('J16 of fifty writes of claims at one revision one wins', async () => {
      const session = await addSession(store, (await addUser(store)).id)
      const { sessionToken } = session
      const written = await atOnce(50, (index) =>
        store().writeSessionClaims({ sessionToken, revision: 0, claims: { writer: index } }),
      )
      expect(written.filter((won) => won === true)).toHaveLength(1)
      expect(written.filter((won) => won === false)).toHaveLength(49)
      expect(await readSession(store, session)).toMatchObject({
        claims: { writer: written.indexOf(true) },
        revision: 1,
      })
    })

    test('J16 no write is lost when each tries again', async () => {
      const session = await addSession(store, (await addUser(store)).id, { claims: { count: 0 } })
      const { sessionToken } = session
      const increment = async () => {
        for (;;) {
          const row = await readSession(store, session)
          const claims = { count: Number(row?.claims?.count) + 1 }
          if (await store().writeSessionClaims({ sessionToken, revision: row?.revision ?? 0, claims })) return
        }
      }
      expect(await atOnce(20, increment)).not.toContain('refused')
      expect(await readSession(store, session)).toMatchObject({ claims: { count: 20 }, revision: 20 })
    })

    test('S03 of fifty revocations one ends the session', async () => {
      const session = await addSession(store, (await addUser(store)).id)
      const { id, userId } = session
      const revoked = await atOnce(50, () => store().revokeSession({ id, userId, now: minutes(1) }))
      expect(revoked.filter((ended) => ended === true)).toHaveLength(1)
      expect(revoked.filter((ended) => ended === false)).toHaveLength(49)
    })

    test('S10 of ten that revoke all, each session is ended by one', async () => {
      const { id: userId } = await addUser(store)
      const sessions = await Promise.all(Array.from({ length: 12 }, () => addSession(store, userId)))
      const ended = await atOnce(10, () => store().revokeSessions({ userId, now: minutes(1) }))
      expect(ended).not.toContain('refused')
      expect(ended.flat().sort()).toEqual(sessions.map(({ id }) => id).sort())
    })

    test('S03 nothing that runs beside a revocation brings the session back', async () => {
      const session = await addSession(store, (await addUser(store)).id)
      const { sessionToken, id, userId } = session
      const now = minutes(30)
      const done = await atOnce(50, async (index): Promise<unknown> => {
        if (index === 25) return store().revokeSession({ id, userId, now })
        if (index % 3 === 0)
          return store().slideSession({ sessionToken, expires: minutes(90 + index), lastSeenAt: now })
        if (index % 3 === 1) return store().writeSessionClaims({ sessionToken, revision: 0, claims: { index } })
        return store().rotateSession({ sessionToken, from: 0, to: 1, expires: minutes(90), now })
      })
      expect(done).not.toContain('refused')
      expect(done[25]).toBe(true)
      const dead = await readSession(store, session)
      expect(dead?.revokedAt).toEqual(now)
      expect(await store().slideSession({ sessionToken, expires: minutes(999), lastSeenAt: now })).toBe(false)
      expect(await readSession(store, session)).toEqual(dead)
    })

    test('E02 of fifty that use one verification token one gets it', async () => {
      const token = { identifier: `${crypto.randomUUID()}@example.com`, token: 'hash', expires: minutes(10) }
      await store().createVerificationToken(token)
      const used = await atOnce(50, () => store().useVerificationToken(token))
      expect(used.filter((found) => found === null)).toHaveLength(49)
      expect(used.filter((found) => found !== null)).toEqual([token])
    })
  })
}
