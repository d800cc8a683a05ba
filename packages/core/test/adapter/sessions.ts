import { describe, expect, test } from 'vitest'
import { addSession, addUser, minutes, NOW, readRows, readSession, sessionOf, type Store } from './support.ts'

export function describeSessions(store: Store): void {
  describe('sessions', () => {
    test('a session is read back whole with its user, in one look-up', async () => {
      const user = await addUser(store)
      const claims = { org: 'acme', nested: { list: [1, 'two', null] } }
      const amr = ['pwd', 'otp', 'mfa']
      const session = await addSession(store, user.id, {
        claims,
        revision: 3,
        generation: 2,
        rotatedAt: minutes(1),
        amr,
      })
      expect(await readRows(store, session.sessionToken)).toEqual({ session, user })
    })

    test('an unknown token finds nothing, nor does one that only resembles', async () => {
      const user = await addUser(store)
      const { sessionToken } = await addSession(store, user.id, { sessionToken: `Hash-${user.id}` })
      for (const other of [sessionToken.toLowerCase(), `${sessionToken} `, sessionToken.slice(0, -1), '', '%']) {
        expect(await store().getSessionAndUser(other)).toBeNull()
      }
    })

    test('revoked and expired rows are read too: the engine judges them', async () => {
      const user = await addUser(store)
      const revoked = await addSession(store, user.id, { revokedAt: NOW })
      const expired = await addSession(store, user.id, { expires: minutes(-60) })
      expect(await readSession(store, revoked)).toEqual(revoked)
      expect(await readSession(store, expired)).toEqual(expired)
    })

    test('an id or a token that is there already is refused, that of a revoked session too', async () => {
      const user = await addUser(store)
      for (const known of [await addSession(store, user.id), await addSession(store, user.id, { revokedAt: NOW })]) {
        await expect(addSession(store, user.id, { id: known.id })).rejects.toThrow()
        await expect(addSession(store, user.id, { sessionToken: known.sessionToken })).rejects.toThrow()
        expect(await readSession(store, known)).toEqual(known)
      }
    })

    test('M20 a session of an id that differs by a space from a user’s is refused', async () => {
      const user = await addUser(store)
      const session = sessionOf(`${user.id} `)
      await expect(store().createSession(session)).rejects.toThrow()
      expect(await store().getSessionAndUser(session.sessionToken)).toBeNull()
      expect(await store().listSessions({ userId: user.id, now: minutes(1) })).toEqual([])
    })

    test('a session of an unknown user is refused', async () => {
      const session = sessionOf('nobody')
      await expect(store().createSession(session)).rejects.toThrow()
      expect(await store().getSessionAndUser(session.sessionToken)).toBeNull()
    })

    test('what was handed in or out can be changed without changing the store', async () => {
      const user = await addUser(store)
      const claims = { org: 'acme' }
      const session = await addSession(store, user.id, { claims })
      claims.org = 'evil'
      const first = await readSession(store, session)
      first?.expires.setTime(0)
      expect(await readSession(store, session)).toMatchObject({ claims: { org: 'acme' }, expires: minutes(60) })
    })
  })

  describe('sliding', () => {
    test('S12 the expiry moves forward, and when the session was seen is noted', async () => {
      const session = await addSession(store, (await addUser(store)).id)
      const slide = { sessionToken: session.sessionToken, expires: minutes(90), lastSeenAt: minutes(30) }
      expect(await store().slideSession(slide)).toBe(true)
      expect(await readSession(store, session)).toEqual({ ...session, expires: minutes(90), lastSeenAt: minutes(30) })
    })

    test.each([
      { row: 'already later', fields: { expires: minutes(91) } },
      { row: 'already there', fields: { expires: minutes(90) } },
      { row: 'revoked', fields: { revokedAt: NOW } },
      { row: 'expired', fields: { expires: minutes(30) } },
    ])('S12 a row that is $row is not touched', async ({ fields }) => {
      const session = await addSession(store, (await addUser(store)).id, fields)
      const slide = { sessionToken: session.sessionToken, expires: minutes(90), lastSeenAt: minutes(30) }
      expect(await store().slideSession(slide)).toBe(false)
      expect(await readSession(store, session)).toEqual(session)
    })

    test('S12 sliding what is gone makes nothing', async () => {
      const slide = { sessionToken: 'gone', expires: minutes(90), lastSeenAt: NOW }
      expect(await store().slideSession(slide)).toBe(false)
      expect(await store().getSessionAndUser('gone')).toBeNull()
    })
  })

  describe('rotating', () => {
    const rotation = (sessionToken: string, from: number, to: number) => ({
      sessionToken,
      from,
      to,
      expires: minutes(90),
      now: minutes(30),
    })

    test('R9 the generation moves on where it is the expected one', async () => {
      const session = await addSession(store, (await addUser(store)).id)
      const { sessionToken } = session
      expect(await store().rotateSession(rotation(sessionToken, 0, 1))).toBe(true)
      const seen = { ...session, expires: minutes(90), lastSeenAt: minutes(30) }
      const rotated = await readSession(store, session)
      expect(rotated).toEqual({ ...seen, generation: 1, rotatedAt: rotated?.rotatedAt })
      expect(await store().rotateSession(rotation(sessionToken, 0, 1))).toBe(false)
      expect(await store().rotateSession(rotation(sessionToken, 2, 3))).toBe(false)
      expect(await readSession(store, session)).toMatchObject({ generation: 1 })
    })

    test('M13 when it was rotated is told by the clock that a look-up returns, else by the caller’s', async () => {
      const session = await addSession(store, (await addUser(store)).id)
      const { sessionToken } = session
      const before = await store().getSessionAndUser(sessionToken)
      await store().rotateSession(rotation(sessionToken, 0, 1))
      const after = await store().getSessionAndUser(sessionToken)
      const [earliest, latest] = [before?.now ?? minutes(30), after?.now ?? minutes(30)]
      expect(after?.session.rotatedAt?.getTime()).toBeGreaterThanOrEqual(earliest.getTime())
      expect(after?.session.rotatedAt?.getTime()).toBeLessThanOrEqual(latest.getTime())
    })

    test('R9 asking again for the same generation confirms it and leaves when it was rotated', async () => {
      const session = await addSession(store, (await addUser(store)).id, { generation: 4, rotatedAt: minutes(5) })
      const { sessionToken } = session
      expect(await store().rotateSession(rotation(sessionToken, 4, 4))).toBe(true)
      expect(await store().rotateSession(rotation(sessionToken, 4, 4))).toBe(true)
      expect(await store().rotateSession(rotation(sessionToken, 3, 3))).toBe(false)
      const confirmed = { generation: 4, rotatedAt: minutes(5), expires: minutes(90), lastSeenAt: minutes(30) }
      expect(await readSession(store, session)).toMatchObject(confirmed)
    })

    test('R9 an expiry that is later stays', async () => {
      const session = await addSession(store, (await addUser(store)).id, { expires: minutes(200) })
      expect(await store().rotateSession(rotation(session.sessionToken, 0, 1))).toBe(true)
      expect(await store().rotateSession(rotation(session.sessionToken, 1, 1))).toBe(true)
      expect(await readSession(store, session)).toMatchObject({ expires: minutes(200), generation: 1 })
    })

    test.each([
      { row: 'revoked', fields: { revokedAt: NOW } },
      { row: 'expired', fields: { expires: minutes(30) } },
    ])('R9 a row that is $row neither rotates nor confirms', async ({ fields }) => {
      const session = await addSession(store, (await addUser(store)).id, fields)
      expect(await store().rotateSession(rotation(session.sessionToken, 0, 1))).toBe(false)
      expect(await store().rotateSession(rotation(session.sessionToken, 0, 0))).toBe(false)
      expect(await readSession(store, session)).toEqual(session)
    })
  })

  describe('claims', () => {
    test('J16 claims are replaced whole at the revision that was read, and the revision counts up', async () => {
      const session = await addSession(store, (await addUser(store)).id, { claims: { org: 'acme', old: true } })
      const { sessionToken } = session
      const claims = { org: 'globex', tags: ['a', 'b'] }
      expect(await store().writeSessionClaims({ sessionToken, revision: 0, claims })).toBe(true)
      expect(await readSession(store, session)).toEqual({ ...session, claims, revision: 1 })
      expect(await store().writeSessionClaims({ sessionToken, revision: 0, claims: {} })).toBe(false)
      expect(await store().writeSessionClaims({ sessionToken, revision: 2, claims: {} })).toBe(false)
      expect(await readSession(store, session)).toEqual({ ...session, claims, revision: 1 })
    })

    test('J16 a revoked session takes no claims', async () => {
      const session = await addSession(store, (await addUser(store)).id, { revokedAt: NOW })
      const write = { sessionToken: session.sessionToken, revision: 0, claims: { org: 'acme' } }
      expect(await store().writeSessionClaims(write)).toBe(false)
      expect(await readSession(store, session)).toEqual(session)
    })

    test('J16 claims may be long', async () => {
      const session = await addSession(store, (await addUser(store)).id)
      const claims = { text: 'ä'.repeat(100_000) }
      expect(await store().writeSessionClaims({ sessionToken: session.sessionToken, revision: 0, claims })).toBe(true)
      expect((await readSession(store, session))?.claims).toEqual(claims)
    })
  })

  describe('listing', () => {
    test('the list has the user’s live sessions, newest first, and nobody else’s', async () => {
      const [ada, bob] = [await addUser(store), await addUser(store)]
      const middle = await addSession(store, ada.id, { createdAt: minutes(-20) })
      const oldest = await addSession(store, ada.id, { createdAt: minutes(-30) })
      const newest = await addSession(store, ada.id, { createdAt: minutes(-10) })
      await addSession(store, ada.id, { revokedAt: NOW })
      await addSession(store, ada.id, { expires: minutes(1) })
      await addSession(store, bob.id)
      expect(await store().listSessions({ userId: ada.id, now: minutes(1) })).toEqual([newest, middle, oldest])
      expect(await store().listSessions({ userId: 'nobody', now: minutes(1) })).toEqual([])
    })
  })
}
