import type { Client } from '@libsql/client'

/** Everything that the tables of a file are made of: the same for types that SQLite keeps alike. */
export async function lookAtSqlite(client: Client): Promise<readonly string[]> {
  const lists = [COLUMNS, INDEXES, EXPRESSIONS, KEYS].map(async (query) => {
    const { rows } = await client.execute(query)
    return rows.map((row) => JSON.stringify(Object.values(row)).toLowerCase()).sort()
  })
  return (await Promise.all(lists)).flat()
}

const from = (columns: string) =>
  `from sqlite_master m, ${columns} where m.type = 'table' and m.name not like 'sqlite_%'`

const COLUMNS = `
  select m.name, c.name as named, case when c.type like '%int%' then 'integer' else 'text' end, c."notnull", c.dflt_value, c.pk
  ${from('pragma_table_xinfo(m.name) c')}`

const INDEXES = `
  select m.name, i.name as named, i."unique", n.seqno, n.name as col
  ${from('pragma_index_list(m.name) i, pragma_index_info(i.name) n')} and i.origin <> 'pk'`

/** An index on an expression, whose column has no name. */
const EXPRESSIONS = `select replace(replace(sql, '\`', ''), '"', '') from sqlite_master where sql like '%lower(%'`

const KEYS = `select m.name, k."from", k."table", k."to", k.on_delete ${from('pragma_foreign_key_list(m.name) k')}`
