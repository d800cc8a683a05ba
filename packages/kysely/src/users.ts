import type { AdapterUser, CompleteAdapter } from '@latchkey/core'
import { type Expression, type Insertable, type QueryResult, sql, type Updateable } from 'kysely'
import type { UsersTable } from './database.ts'
import { type Param, prepare } from './prepare.ts'
import { isStorable, toEmailKey } from './rows/text.ts'
import { toUser, toUserColumns, type UserColumns } from './rows/user-row.ts'
import { isText } from './same-text.ts'
import type { Store } from './store.ts'

type UserMethods = Pick<CompleteAdapter, 'createUser' | 'getUser' | 'getUserByEmail' | 'updateUser' | 'deleteUser'>

export function userMethods(store: Store): UserMethods {
  const { db, tables, dialect } = store
  const byId = prepare(db, (param: Param<{ id: string }>) =>
    db
      .selectFrom(tables.users)
      .selectAll()
      .where(isText(dialect, 'id', param('id'))),
  )
  const byEmail = prepare(db, (param: Param<{ key: string }>) =>
    db
      .selectFrom(tables.users)
      .selectAll()
      .where(emailKey(store), '=', searchedKey(store, param('key'))),
  )
  const getUser = async (id: string) => (isStorable(id) ? find(await byId({ id }), (user) => user.id === id) : null)
  return {
    getUser,
    getUserByEmail: async (email) => {
      if (!isStorable(email)) return null
      const key = toEmailKey(email)
      return find(await byEmail({ key }), (user) => typeof user.email === 'string' && toEmailKey(user.email) === key)
    },
    createUser: async (user) => (await insert(store, user)) ?? (await read(getUser, user.id)),
    updateUser: async (user) => (await update(store, user)) ?? (await read(getUser, user.id)),
    deleteUser: (id) => remove(store, id),
  }
}

/** MySQL folds more letters than ASCII's: what it looks for it must fold alike. The row that is found is checked afterwards. */
function searchedKey({ dialect }: Store, key: string): Expression<string> {
  if (dialect === 'mysql') return sql<string>`lower(convert(${key} using utf8mb4) collate utf8mb4_bin)`
  return sql<string>`${key}`
}

/** The column or expression whose index makes addresses unique whatever the case of their letters. */
function emailKey({ dialect }: Store): Expression<string> {
  if (dialect === 'mysql') return sql<string>`${sql.ref('email_key')}`
  return dialect === 'postgres'
    ? sql<string>`lower(${sql.ref('email')} collate "C")`
    : sql<string>`lower(${sql.ref('email')})`
}

/**
 * The one row that is meant. MySQL's comparison forgives trailing spaces, and in a users table of the app's own maybe case and
 * accents too; names of people must not.
 */
function find(result: QueryResult<UserColumns>, isMeant: (user: AdapterUser) => boolean): AdapterUser | null {
  return result.rows.map((row) => toUser(row)).find(isMeant) ?? null
}

/** Returns the new row if the database can, so that the app's defaults are in it. */
async function insert({ db, tables, dialect }: Store, user: AdapterUser): Promise<AdapterUser | null> {
  // The app's own columns are among them, which only the database can check.
  const columns = toUserColumns(user, dialect) as Insertable<UsersTable>
  const query = db.insertInto(tables.users).values(columns)
  if (dialect !== 'mysql') return toUser({ ...(await query.returningAll().executeTakeFirstOrThrow()) })
  await query.execute()
  return null
}

async function update(
  { db, tables, dialect }: Store,
  fields: Parameters<UserMethods['updateUser']>[0],
): Promise<AdapterUser | null> {
  const { id, ...changes } = fields
  const columns: Updateable<UsersTable> = toUserColumns(changes, dialect)
  if (Object.keys(columns).length === 0 || !isStorable(id)) return null
  const query = db
    .updateTable(tables.users)
    .set(columns)
    .where(isText(dialect, 'id', id))
  if (dialect === 'mysql') await query.execute()
  else return find({ rows: await query.returningAll().execute() }, (user) => user.id === id)
  return null
}

async function read(getUser: UserMethods['getUser'], id: string): Promise<AdapterUser> {
  const user = await getUser(id)
  if (!user) throw new Error('there is no user with this id')
  return user
}

/** In this order nothing of the user outlives them, even if the database doesn't enforce foreign keys. */
async function remove({ db, tables, dialect }: Store, id: string): Promise<void> {
  if (!isStorable(id)) return
  await db
    .deleteFrom(tables.sessions)
    .where(isText(dialect, 'user_id', id))
    .execute()
  await db
    .deleteFrom(tables.accounts)
    .where(isText(dialect, 'user_id', id))
    .execute()
  await db
    .deleteFrom(tables.users)
    .where(isText(dialect, 'id', id))
    .execute()
}
