import type { AdapterUser, CompleteAdapter, StoredSession } from '../../src/store/adapter.ts'

/** The store under test, once it is open. */
export type Store = () => CompleteAdapter

/** The moment at which these tests happen. */
export const NOW = new Date('2026-03-01T12:00:00.123Z')

/** So many minutes after {@link NOW}, to the millisecond. */
export function minutes(count: number): Date {
  return new Date(NOW.getTime() + count * 60_000)
}

export async function addUser(store: Store, fields: Partial<AdapterUser> = {}): Promise<AdapterUser> {
  const id = crypto.randomUUID()
  return store().createUser({
    id,
    name: 'Ada',
    email: `${id}@example.com`,
    image: null,
    emailVerified: null,
    ...fields,
  })
}

export function sessionOf(userId: string, fields: Partial<StoredSession> = {}): StoredSession {
  return {
    id: crypto.randomUUID(),
    sessionToken: `hash-${crypto.randomUUID()}`,
    userId,
    expires: minutes(60),
    createdAt: NOW,
    lastSeenAt: NOW,
    userAgent: 'Mozilla/5.0',
    ip: '192.0.2.1',
    claims: null,
    revision: 0,
    generation: 0,
    rotatedAt: null,
    revokedAt: null,
    amr: null,
    ...fields,
  }
}

export async function addSession(
  store: Store,
  userId: string,
  fields: Partial<StoredSession> = {},
): Promise<StoredSession> {
  const session = sessionOf(userId, fields)
  await store().createSession(session)
  return session
}

/** The rows of a session and its user, without the store's time. */
export async function readRows(store: Store, sessionToken: string) {
  const found = await store().getSessionAndUser(sessionToken)
  return found && { session: found.session, user: found.user }
}

/** The row of a session as the store has it now. */
export async function readSession(
  store: Store,
  { sessionToken }: Pick<StoredSession, 'sessionToken'>,
): Promise<StoredSession | null> {
  return (await store().getSessionAndUser(sessionToken))?.session ?? null
}

/** Starts so many calls at once; returns what each came to, `'refused'` if it threw. */
export async function atOnce<T>(
  count: number,
  call: (index: number) => Promise<T>,
): Promise<readonly (T | 'refused')[]> {
  const calls = Array.from({ length: count }, (_, index) => call(index))
  const settled = await Promise.allSettled(calls)
  return settled.map((result) => (result.status === 'fulfilled' ? result.value : 'refused'))
}
