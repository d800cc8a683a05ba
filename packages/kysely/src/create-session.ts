import { type Insertable, type SqlBool, sql } from 'kysely'
import type { SessionsTable } from './database.ts'
import type { Param } from './prepare.ts'
import { isText } from './same-text.ts'
import type { Store } from './store.ts'
import { type InTime, prepareWrite } from './writes.ts'

type Row = Insertable<SessionsTable>

/** @throws the database's error for an id or a token that is there already, and for an unknown user */
export function prepareCreateSession(store: Store): (row: Row) => Promise<void> {
  const insert = prepareWrite(store, (param: Param<Row>, inTime) =>
    store.dialect === 'mysql' ? insertForUser(store, param, inTime) : insertReturning(store, param, inTime),
  )
  return async (row) => {
    if (!(await insert(row))) throw new Error('there is no user with this id')
  }
}

const COLUMNS = [
  'id',
  'session_token',
  'user_id',
  'expires',
  'created_at',
  'last_seen_at',
  'user_agent',
  'ip',
  'claims',
  'revision',
  'generation',
  'rotated_at',
  'revoked_at',
] as const satisfies readonly (keyof Row)[]

function insertReturning({ db, tables }: Store, param: Param<Row>, { returned }: InTime) {
  const values = Object.fromEntries(COLUMNS.map((column) => [column, param(column)]))
  return db
    .insertInto(tables.sessions)
    .values(values as unknown as Row) // each column of it
    .returning(returned.as('latchkeyWritten'))
}

/**
 * A foreign key of MySQL forgives trailing spaces: the user of exactly this id is looked up in the same statement. The deadline is
 * looked at before the row is written, and again afterwards, for it may have waited for a lock: the second step writes nothing.
 */
function insertForUser({ db, tables, dialect }: Store, param: Param<Row>, { condition }: InTime) {
  const steps = sql<{ step: number }>`(select 1 as step union all select 2)`.as('steps')
  return db
    .insertInto(tables.sessions)
    .columns([...COLUMNS])
    .expression(
      db
        .selectFrom([tables.users, steps])
        .select(COLUMNS.map((column) => sql`${param(column)}`.as(column)))
        .where(isText(dialect, 'id', param('user_id')))
        .where(sql<SqlBool>`if(steps.step = 1, ${condition}, ${condition} is null)`)
        .modifyEnd(sql`lock in share mode`),
    )
}
