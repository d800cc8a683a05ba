import type { AdapterUser } from '@latchkey/core'
import { isStorable } from '../rows/text.ts'
import { toColumn } from '../rows/user-row.ts'
import { isText } from '../same-text.ts'
import { readInstant, toInstant, writeInstant } from './their-instants.ts'
import { noneIfUnfit } from './their-rows.ts'
import type { Their } from './their-tables.ts'

/** The users in the other library's table. */
export interface TheirUsers {
  readonly byId: (id: string) => Promise<AdapterUser | null>
  readonly byEmail: (email: string) => Promise<AdapterUser | null>
  /** The users after an id, in the order of ids. */
  readonly page: (after: string | null, limit: number) => Promise<readonly AdapterUser[]>
  readonly insert: (user: AdapterUser) => Promise<void>
  /** Writes those fields that the table has. */
  readonly update: (user: Partial<AdapterUser> & Pick<AdapterUser, 'id'>) => Promise<void>
  /** With what belongs to them, also where the database doesn't enforce foreign keys. */
  readonly remove: (id: string) => Promise<void>
  readonly isEmpty: () => Promise<boolean>
}

export function theirUsers(their: Their): TheirUsers {
  const { db, dialect, tables, updatedAt } = their
  const { table, id, email } = tables.users
  const select = () => db.selectFrom(table).select(selection(their))
  const one = async (column: string, value: string) => {
    if (!isStorable(value)) return null
    const rows = await noneIfUnfit([], () =>
      select()
        .where(isText(dialect, column, value))
        .execute(),
    )
    return rows.map((row) => toUser(their, row)).find((user) => user[column === id ? 'id' : 'email'] === value) ?? null
  }
  return {
    byId: (value) => one(id, value),
    byEmail: async (value) => (await one(email, value)) ?? one(email, value.toLowerCase()),
    page: async (after, limit) => {
      const query = select().orderBy(id).limit(limit)
      const rows = await (after === null ? query : query.where(id, '>', after)).execute()
      return rows.map((row) => toUser(their, row))
    },
    insert: async (user) => {
      const now = writeInstant(their, new Date())
      const times = Object.fromEntries(
        [their.createdAt, updatedAt].flatMap((column) => (column === null ? [] : [[column, now]])),
      )
      await db
        .insertInto(table)
        .values({
          ...times,
          ...toColumns(their, { name: null, email: null, emailVerified: null, ...user }),
          [id]: user.id,
        })
        .execute()
    },
    update: async ({ id: owner, ...changes }) => {
      const columns = toColumns(their, changes)
      if (Object.keys(columns).length === 0 || !isStorable(owner)) return
      const now = updatedAt === null ? {} : { [updatedAt]: writeInstant(their, new Date()) }
      await db
        .updateTable(table)
        .set({ ...columns, ...now })
        .where(isText(dialect, id, owner))
        .execute()
    },
    remove: async (owner) => {
      if (!isStorable(owner)) return
      const { sessions, accounts } = tables
      await noneIfUnfit(undefined, async () => {
        await db
          .deleteFrom(sessions.table)
          .where(isText(dialect, sessions.userId, owner))
          .execute()
        await db
          .deleteFrom(accounts.table)
          .where(isText(dialect, accounts.userId, owner))
          .execute()
        await db
          .deleteFrom(table)
          .where(isText(dialect, id, owner))
          .execute()
      })
    },
    isEmpty: async () => (await db.selectFrom(table).select(id).limit(1).execute()).length === 0,
  }
}

function selection(their: Their) {
  const { id, name, email, emailVerified, image } = their.tables.users
  const verified =
    their.createdAt === null
      ? readInstant(their, emailVerified).as('theirVerified')
      : `${emailVerified} as theirVerified`
  const made = their.createdAt === null ? [] : [readInstant(their, their.createdAt).as('theirCreated')]
  return [
    `${id} as theirId`,
    `${name} as theirName`,
    `${email} as theirEmail`,
    `${image} as theirImage`,
    ...their.userColumns,
    verified,
    ...made,
  ]
}

function toUser(their: Their, row: Readonly<Record<string, unknown>>): AdapterUser {
  const { theirId, theirName, theirEmail, theirImage, theirVerified, theirCreated } = row
  const isYes = theirVerified === true || Number(theirVerified) === 1
  return {
    ...Object.fromEntries(their.userColumns.map((column) => [column, row[column]])),
    id: String(theirId),
    name: toText(theirName),
    email: toText(theirEmail),
    image: toText(theirImage),
    // A yes without a date: the account's is close enough, and always the same.
    emailVerified:
      their.createdAt === null ? toInstant(theirVerified) : isYes ? (toInstant(theirCreated) ?? new Date(0)) : null,
  }
}

function toText(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** Those of a user's fields that the table has a column for. */
function toColumns(their: Their, user: Partial<AdapterUser>): Record<string, unknown> {
  const { tables, userColumns, createdAt, dialect } = their
  const { name, email, image, emailVerified } = user
  const columns: readonly (readonly [column: string, value: unknown])[] = [
    // better-auth has a name for everybody.
    [tables.users.name, name === null && createdAt !== null ? '' : name],
    [tables.users.email, email],
    [tables.users.image, image],
    [tables.users.emailVerified, emailVerified === undefined ? undefined : toVerified(their, emailVerified)],
    ...userColumns.map((column) => [column, user[column]] as const),
  ]
  const given = columns.filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.map(([column, value]) => [column, toColumn(value, dialect)]))
}

function toVerified(their: Their, instant: Date | null): unknown {
  if (their.createdAt !== null) return instant !== null
  return instant && writeInstant(their, instant)
}
