import type { Pool } from 'pg'

/** Everything that the tables of a database are made of, as PostgreSQL says it. */
export async function lookAtPostgres(pool: Pool, { collations }: { readonly collations: boolean }) {
  const lists = [COLUMNS, CONSTRAINTS, INDEXES].map(async (query) => {
    const { rows } = await pool.query<{ line: string }>(query)
    return rows.map(({ line }) => (collations ? line : line.replace(' collate C', ''))).sort()
  })
  return (await Promise.all(lists)).flat()
}

const COLUMNS = `
  select concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then 'not null' end, 'default ' || pg_get_expr(d.adbin, d.adrelid),
    case when k.collname <> 'default' then 'collate ' || k.collname end) as line
  from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  left join pg_collation k on k.oid = a.attcollation
  where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped`

const CONSTRAINTS = `
  select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) as line
  from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'`

const INDEXES = `select indexdef as line from pg_indexes where schemaname = 'public'`
