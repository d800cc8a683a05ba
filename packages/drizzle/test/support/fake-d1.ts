import Database from 'libsql'

/**
 * A Cloudflare D1 database on a file of SQLite: each statement by itself, every value as D1 takes it, results as D1 shapes them. It
 * refuses transactions, undefined and bigints, as D1 does.
 */
export function createFakeD1(file: string) {
  const database = new Database(file)
  const prepare = (sql: string, parameters: readonly unknown[] = []) => ({
    bind: (...values: readonly unknown[]) => prepare(sql, values),
    all: async () => {
      if (/^\s*(?:begin|commit|rollback|savepoint)\b/i.test(sql))
        throw new Error('D1_ERROR: To execute a transaction, please use the state.storage.transaction() API')
      for (const value of parameters) checkBindable(value)
      const statement = database.prepare(sql)
      const values = parameters.map((value) => (typeof value === 'boolean' ? Number(value) : value))
      if (statement.reader)
        return { success: true, results: statement.all(values), meta: { changes: 0, last_row_id: 0 } }
      const { changes, lastInsertRowid } = statement.run(values)
      return { success: true, results: [], meta: { changes, last_row_id: Number(lastInsertRowid) } }
    },
  })
  return {
    prepare: (sql: string) => prepare(sql),
    batch: async () => [],
    exec: async () => ({}),
    close: undefined,
    end: () => database.close(),
  }
}

function checkBindable(value: unknown): void {
  if (value === undefined || typeof value === 'bigint')
    throw new Error(`D1_TYPE_ERROR: Type '${typeof value}' not supported for value '${String(value)}'`)
}
