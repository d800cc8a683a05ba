import { type Insertable, type SqlBool, sql } from 'kysely'
import type { SessionsTable } from './database.ts'
import type { Param } from './prepare.ts'
import { isText } from './same-text.ts'
import type { Store } from './store.ts'
import { countAffected, type InTime, prepareWrite } from './writes.ts'

type Row = Insertable<SessionsTable>

/** @throws the database's error for an id or a token that is there already, and for an unknown user */
export function prepareCreateSession(store: Store): (row: Row) => Promise<void> {
  const { dialect } = store
  const insert = prepareWrite(store, (param: Param<Row>, inTime) =>
    dialect === 'mysql' ? insertForUser(store, param, inTime) : insertValues(store, param, inTime),
  )
  return async (row) => {
    if (await insert(row)) return
    // A row was written if SQLite has thrown nothing.
    if (dialect === 'sqlite') countAffected(undefined)
    throw new Error('there is no user with this id')
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
  'amr',
] as const satisfies readonly (keyof Row)[]

function insertValues({ db, tables, dialect }: Store, param: Param<Row>, { condition, returned }: InTime) {
  const values = Object.fromEntries(COLUMNS.map((column) => [column, param(column)]))
  // A condition has no place beside values, but a value may have one: it is true or it fails.
  const revision = dialect === 'sqlite' ? sql`${param('revision')} * ${condition}` : param('revision')
  return db
    .insertInto(tables.sessions)
    .values({ ...values, revision } as unknown as Row) // each column of it
    .$if(dialect === 'postgres', (query) => query.returning(returned.as('latchkeyWritten')))
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
