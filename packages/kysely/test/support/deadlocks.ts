import { integer, type Row, table, text } from '@latchkey/core'
import { sql } from 'kysely'
import { expect, onTestFinished, test, vi } from 'vitest'
import { kyselyTables } from '../../src/index.ts'
import { migrateTables } from '../../src/migrate.ts'
import type { Db, TestDatabase } from './database.ts'

const rows = table({ id: text(), kind: text(), count: integer() }, { unique: [['id']], indexes: [['kind', 'count']] })

/** For databases in which two that write at once can wait for each other. */
export function describeDeadlocks(create: () => Promise<TestDatabase>): void {
  test('a write of a plug-in that the database ends for a deadlock is done all the same', async () => {
    const database = await create()
    onTestFinished(() => database.drop())
    const db = database.connect()
    await migrateTables(db, { plugins: [{ id: 'one', tables: { rows } }] })
    const opened = kyselyTables(db).table('one_rows', rows)
    const first = ['a', 'b'].map((id, index): Row<typeof rows> => ({ id, kind: 'both', count: index }))
    // The database ends the one that has written less.
    const others = Array.from({ length: 50 }, (_, index) => ({ id: `other ${index}`, kind: 'other', count: 0 }))
    for (const row of [...first, ...others]) await opened.insert(row)

    let updating: Promise<number> | undefined
    await db.transaction().execute(async (transaction) => {
      // On PostgreSQL the one that looks first is ended: the other.
      if (database.address[0] === 'postgres') await sql`set local deadlock_timeout = '60s'`.execute(transaction)
      const own = kyselyTables(transaction).table('one_rows', rows)
      await own.update({ kind: 'other' }, { count: 1 })
      await own.update({ id: 'b' }, { count: 2 })
      updating = update(database)
      await vi.waitFor(async () => expect(await isLocked(db, 'a')).toBe(true), 20_000)
      await own.update({ id: 'a' }, { count: 2 })
    })
    expect(await updating).toBe(2)
    expect(await opened.list({ where: { kind: 'both' }, limit: 9 })).toEqual(first.map((row) => ({ ...row, count: 7 })))
  })
}

/** Writes both rows, one after the other. */
function update(database: TestDatabase): Promise<number> {
  return database
    .connect()
    .connection()
    .execute(async (connection) => {
      // Long enough for the transaction to ask for its second row.
      if (database.address[0] === 'postgres') await sql`set deadlock_timeout = '4s'`.execute(connection)
      return kyselyTables(connection).table('one_rows', rows).update({ kind: 'both' }, { count: 7 })
    })
}

async function isLocked(db: Db, id: string): Promise<boolean> {
  const ask = sql`select id from one_rows where id = ${id} for update nowait`.execute(db)
  return ask.then(
    () => false,
    () => true,
  )
}
