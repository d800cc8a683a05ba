import { describe, expect, test } from 'vitest'
import { addSession, addUser, minutes, readRows, readSession, sessionOf, type Store } from './support.ts'

/** What breaks a statement that is put together from text, and what breaks text. */
export const HOSTILE_TEXT: readonly string[] = [
  `'`,
  `''`,
  `"`,
  '`',
  '\\',
  `\\'`,
  `\\' or 1=1 -- `,
  `' or '1'='1`,
  `'; drop table sessions; --`,
  `"; delete from users; --`,
  '` ; delete from users; -- ',
  `x' union select * from users --`,
  '%',
  '_',
  '*',
  '?',
  '$1',
  ':id',
  '@id',
  '$.',
  '$.role',
  '[0]',
  '{"role":"admin"}',
  '[]',
  'null',
  'true',
  '0',
  '1e3',
  '__proto__',
  'constructor',
  '-- ',
  '/* */',
  '#',
  '\n\r\t',
  ' leading',
  'é ü ß İ ſ',
  '😀👩‍👩‍👧',
  '\u202e\u200b\ufeff',
  '\uFFFD',
]

/** Text that no database gives back as it was. */
const UNSTORABLE = [
  { what: 'half of a surrogate pair', text: '\uD800', stored: '\uFFFD' },
  { what: 'the other half', text: '\uDC00', stored: '\uFFFD' },
  { what: 'a NUL', text: '\0', stored: '' },
]

export function describeText(store: Store): void {
  describe('text', () => {
    test.each(HOSTILE_TEXT)('D01 %j is only text, in every field', async (text) => {
      const name = `${crypto.randomUUID()}${text}`
      const user = await addUser(store, { id: name, name: text, email: `${name}@x`, image: text })
      expect(user).toMatchObject({ id: name, name: text, email: `${name}@x`, image: text })
      expect(await store().getUser(name)).toEqual(user)
      expect(await store().getUserByEmail(`${name}@x`)).toEqual(user)
      expect(await store().updateUser({ id: name, name: `${text}!` })).toMatchObject({ id: name, name: `${text}!` })

      const account = { provider: name, providerAccountId: name, type: text, userId: name }
      await store().linkAccount(account)
      expect(await store().getUserByAccount(account)).toMatchObject({ id: name })

      const claims = Object.fromEntries([[text, [text, { [`${text}!`]: text }]]])
      const session = await addSession(store, name, { id: name, sessionToken: name, userAgent: text, ip: text, claims })
      expect(await readSession(store, session)).toEqual(session)
      expect(await store().listSessions({ userId: name, now: minutes(1) })).toEqual([session])
      expect(await store().revokeSession({ id: name, userId: name, now: minutes(1) })).toBe(true)

      const token = { identifier: name, token: name, expires: minutes(1) }
      await store().createVerificationToken(token)
      expect(await store().useVerificationToken(token)).toEqual(token)
    })

    test.each(HOSTILE_TEXT)('D01 %j finds and ends nothing that it does not name', async (text) => {
      const session = await addSession(store, (await addUser(store)).id)
      const { id, userId, sessionToken } = session
      expect(await store().getUser(text)).toBeNull()
      expect(await store().getUserByEmail(text)).toBeNull()
      expect(await store().getSessionAndUser(text)).toBeNull()
      expect(await store().revokeSession({ id: text, userId, now: minutes(1) })).toBe(false)
      expect(await store().revokeSession({ id, userId: text, now: minutes(1) })).toBe(false)
      expect(await store().revokeSessions({ userId: text, now: minutes(1) })).toEqual([])
      expect(await store().slideSession({ sessionToken: text, expires: minutes(90), lastSeenAt: minutes(1) })).toBe(
        false,
      )
      await store().deleteSession(text, minutes(999))
      await store().deleteUser(text)
      expect(await readSession(store, { sessionToken })).toEqual(session)
    })

    test('the longest texts are kept whole', async () => {
      const id = crypto.randomUUID().padEnd(255, 'x')
      const user = await addUser(store, {
        id,
        name: 'ä'.repeat(1_000),
        email: `${id.slice(0, 240)}@x`,
        image: 'i'.repeat(2_000),
      })
      const session = await addSession(store, id, { userAgent: '😀'.repeat(256), ip: 'f'.repeat(64) })
      expect(user).toMatchObject({ id, name: 'ä'.repeat(1_000) })
      expect(await readRows(store, session.sessionToken)).toEqual({ session, user })
    })

    test('names that begin alike for a long way are two', async () => {
      const id = crypto.randomUUID().padEnd(300, 'x')
      // A store that can't hold them refuses both; none cuts them to the same.
      await addUser(store, { id: `${id}1`, email: null }).catch(() => undefined)
      await addUser(store, { id: `${id}2`, email: null }).catch(() => undefined)
      for (const last of ['1', '2'])
        expect([undefined, `${id}${last}`]).toContain((await store().getUser(`${id}${last}`))?.id)
      expect(await store().getUser(id.slice(0, 255))).toBeNull()
    })

    test.each(UNSTORABLE)(
      'D01 a name with $what is refused or kept, and never becomes another name',
      async ({ text, stored }) => {
        const id = crypto.randomUUID()
        const known = await addUser(store, { id: `${id}${stored}x` })
        const made = await addUser(store, { id: `${id}${text}x`, email: null }).catch(() => null)
        expect([null, `${id}${text}x`]).toContain(made && made.id)
        expect((await store().getUser(`${id}${text}x`))?.id ?? null).toBe(made && made.id)
        expect(await store().getUser(`${id}${stored}x`)).toEqual(known)
        const session = sessionOf(known.id)
        const created = await addSession(store, known.id, { ...session, sessionToken: `${id}${text}` }).catch(
          () => null,
        )
        expect((await store().getSessionAndUser(`${id}${stored}`))?.session ?? null).toBeNull()
        expect((await store().getSessionAndUser(`${id}${text}`))?.session ?? null).toEqual(created)
      },
    )

    test.each(UNSTORABLE)('D01 asking for a name with $what is no error', async ({ text }) => {
      const { id: userId } = await addUser(store)
      expect(await store().getUser(text)).toBeNull()
      expect(await store().getUserByEmail(text)).toBeNull()
      expect(await store().getUserByAccount({ provider: text, providerAccountId: text })).toBeNull()
      expect(await store().getSessionAndUser(text)).toBeNull()
      expect(await store().revokeSession({ id: text, userId, now: minutes(1) })).toBe(false)
      expect(await store().revokeSessions({ userId: text, now: minutes(1) })).toEqual([])
      expect(await store().listSessions({ userId: text, now: minutes(1) })).toEqual([])
      expect(await store().useVerificationToken({ identifier: text, token: text })).toBeNull()
      await store().deleteSession(text, minutes(1))
      await store().deleteUser(text)
    })

    test.each(UNSTORABLE)('D01 a description with $what does not fail the sign-in that brings it', async ({ text }) => {
      const user = await addUser(store, { name: `A${text}B` })
      const session = await addSession(store, user.id, {
        userAgent: `A${text}B`,
        ip: `A${text}B`,
        claims: { org: `A${text}B` },
      })
      const found = await store().getSessionAndUser(session.sessionToken)
      for (const kept of [found?.user.name, found?.session.userAgent, found?.session.ip]) {
        expect([`A${text}B`, 'A\uFFFDB']).toContain(kept)
      }
      expect(found?.session.claims).toEqual({ org: `A${text}B` })
    })
  })
}
