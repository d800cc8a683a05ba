import type { Pool } from 'mysql2/promise'

/** Everything that the tables of a database are made of, as MySQL says it. */
export async function lookAtMysql(pool: Pool): Promise<readonly string[]> {
  const lists = [COLUMNS, INDEXES, KEYS].map(async (query) => {
    const [rows] = await pool.query(query)
    return (rows as readonly object[]).map((row) => Object.values(row).join(' ')).sort() // a list of rows, for a select
  })
  return (await Promise.all(lists)).flat()
}

const COLUMNS = `
  select table_name, column_name, column_type, is_nullable, column_default, collation_name, extra, generation_expression
  from information_schema.columns where table_schema = database()`

const INDEXES = `
  select table_name, index_name, seq_in_index, column_name, non_unique
  from information_schema.statistics where table_schema = database()`

const KEYS = `
  select k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name, r.delete_rule
  from information_schema.key_column_usage k join information_schema.referential_constraints r
    on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name
  where k.table_schema = database()`
