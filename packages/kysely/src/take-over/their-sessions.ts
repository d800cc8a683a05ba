import { isStorable } from '../rows/text.ts'
import { isOtherText, isText } from '../same-text.ts'
import { readInstant, toInstant, writeInstant } from './their-instants.ts'
import { noneIfUnfit, type RowDefaults } from './their-rows.ts'
import type { Their } from './their-tables.ts'

/** A session in the other library's table. Its token stands there as the cookie holds it. */
export interface TheirSession {
  readonly token: string
  readonly userId: string
  readonly expires: Date
  /** null: the table doesn't say. */
  readonly createdAt: Date | null
}

export interface TheirSessions {
  readonly byToken: (token: string) => Promise<TheirSession | null>
  readonly ofUser: (userId: string) => Promise<readonly TheirSession[]>
  /** The sessions after a token, in the order of tokens. */
  readonly page: (after: string | null, limit: number) => Promise<readonly TheirSession[]>
  readonly insert: (session: Omit<TheirSession, 'createdAt'>) => Promise<void>
  /** Moves the expiry forward, never back. */
  readonly extend: (token: string, expires: Date) => Promise<void>
  readonly remove: (token: string) => Promise<void>
  /** All of a user's, but one. */
  readonly removeOthers: (userId: string, except: string | null) => Promise<void>
}

export function theirSessions(their: Their, defaults: RowDefaults): TheirSessions {
  const { db, dialect, tables, createdAt } = their
  const { table, token, userId, expires } = tables.sessions
  const select = () =>
    db
      .selectFrom(table)
      .select([`${token} as theirToken`, `${userId} as theirUser`, readInstant(their, expires).as('theirExpires')])
      .$if(createdAt !== null, (query) => query.select(readInstant(their, createdAt ?? '').as('theirCreated')))
  return {
    byToken: async (value) => {
      if (!isStorable(value)) return null
      const rows = await select()
        .where(isText(dialect, token, value))
        .execute()
      return rows.map(toSession).find((session) => session.token === value) ?? null
    },
    ofUser: async (owner) => {
      if (!isStorable(owner)) return []
      return (
        await noneIfUnfit([], () =>
          select()
            .where(isText(dialect, userId, owner))
            .execute(),
        )
      ).map(toSession)
    },
    page: async (after, limit) => {
      const query = select().orderBy(token).limit(limit)
      return (await (after === null ? query : query.where(token, '>', after)).execute()).map(toSession)
    },
    insert: async (session) => {
      await db
        .insertInto(table)
        .values({
          ...(await defaults(table, token)),
          [token]: session.token,
          [userId]: session.userId,
          [expires]: writeInstant(their, session.expires),
        })
        .execute()
    },
    extend: async (value, until) => {
      const { updatedAt } = their
      await db
        .updateTable(table)
        .set({
          [expires]: writeInstant(their, until),
          ...(updatedAt !== null && { [updatedAt]: writeInstant(their, new Date()) }),
        })
        .where(isText(dialect, token, value))
        .where(expires, '<', writeInstant(their, until))
        .execute()
    },
    remove: async (value) => {
      await db
        .deleteFrom(table)
        .where(isText(dialect, token, value))
        .execute()
    },
    removeOthers: async (owner, except) => {
      if (!isStorable(owner)) return
      await noneIfUnfit(undefined, async () => {
        await db
          .deleteFrom(table)
          .where(isText(dialect, userId, owner))
          .$if(except !== null, (query) => query.where(isOtherText(dialect, token, except ?? '')))
          .execute()
      })
    },
  }
}

function toSession({
  theirToken,
  theirUser,
  theirExpires,
  theirCreated,
}: Readonly<Record<string, unknown>>): TheirSession {
  return {
    token: String(theirToken),
    userId: String(theirUser),
    expires: toInstant(theirExpires) ?? new Date(0),
    createdAt: toInstant(theirCreated),
  }
}
