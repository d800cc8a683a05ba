import { sql } from 'kysely'
import type { Db, TestDatabase } from '../../../kysely/test/support/database.ts'

/** Everything that a database knows of its tables, as lines that can be compared. Collations are left out: Prisma has none. */
export async function readStructure(db: Db, { schema, address: [dialect] }: TestDatabase): Promise<readonly string[]> {
  const query = dialect === 'sqlite' ? SQLITE : postgres(schema ?? 'public')
  const { rows } = await query.execute(db)
  return rows.map(({ line }) => line)
}

/** A length means nothing to SQLite, and Prisma has none for it. Prisma adds `ON UPDATE NO ACTION`, which is the default, and quotes differently: columns are read, not the statements. */
const SQLITE = sql<{ line: string }>`
  select t.name || ' ' || c.name || ' ' || replace(lower(c.type), 'varchar(255)', 'text') || ' ' || c."notnull" || ' ' || c.pk || ' ' || coalesce(c.dflt_value, '') as line
    from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table' and t.name not like 'sqlite_%'
  union all
  select t.name || ' ' || k."from" || ' -> ' || k."table" || '.' || k."to" || ' ' || k.on_delete || ' ' || k.on_update
    from sqlite_master t, pragma_foreign_key_list(t.name) k where t.type = 'table'
  union all
  select t.name || ' ' || i.name || ' ' || i."unique" || ' ' || i.origin || ' ' || coalesce((select group_concat(coalesce(n.name, '(expression)')) from pragma_index_info(i.name) n), '')
    from sqlite_master t, pragma_index_list(t.name) i where t.type = 'table'
  order by 1`

function postgres(schema: string) {
  return sql<{ line: string }>`
    select table_name || ' ' || column_name || ' ' || data_type || ' ' || coalesce(character_maximum_length, 0) || ' ' || is_nullable || ' ' || coalesce(column_default, '') as line
      from information_schema.columns where table_schema = ${schema}
    union all
    select c.conrelid::regclass::text || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid)
      from pg_constraint c join pg_namespace n on n.oid = c.connamespace where n.nspname = ${schema} and c.contype in ('p', 'f')
    union all
    select i.tablename || ' ' || replace(i.indexdef, ' COLLATE "C"', '')
      from pg_indexes i where i.schemaname = ${schema}
    order by 1`
}
