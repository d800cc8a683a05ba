import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { describeWith, findMariadb } from '../../kysely/test/services.ts'
import type { Db } from '../../kysely/test/support/database.ts'
import { createMariadb } from '../../kysely/test/support/mariadb.ts'
import { allPlugins } from './support/plugins.ts'
import { COMMAND_LINE, runPrisma } from './support/run-prisma.ts'
import { type AppSchema, generateSchema } from './support/schema.ts'
import { installed } from './support/clients.ts'

console.warn(
  'SKIPPED: prisma db push on MariaDB: its engine is a download that this test cannot make, and none of WebAssembly has MySQL; the models are compared with information_schema instead',
)

const mariadb = await findMariadb()
const OWN = 'generator client {\n  provider = "prisma-client-js"\n}\n\ndatasource db {\n  provider = "mysql"\n}\n'

describeWith(mariadb, 'models for MariaDB', () => {
  let db: Db
  let schema: AppSchema
  let drop: () => Promise<void>
  beforeAll(async () => {
    const database = await createMariadb(mariadb)
    const folder = await mkdtemp(join(tmpdir(), 'latchkey-'))
    db = database.connect()
    await migrateToLatest(db, { plugins: allPlugins() })
    schema = await generateSchema(folder, 'mysql', OWN)
    drop = async () => {
      await database.drop()
      await rm(folder, { recursive: true })
    }
  })
  afterAll(() => drop())

  test('have every column of every table, with its type, its null and its default', async () => {
    const { rows } = await sql<{ line: string }>`
      select concat_ws(' ', table_name, column_name, column_type, is_nullable, if(column_default = 'NULL', null, column_default)) as line
        from information_schema.columns where table_schema = database()`.execute(db)
    expect(rows.length).toBeGreaterThan(100)
    expect(readColumns(await schema.read())).toEqual(rows.map(({ line }) => line).toSorted())
  })

  test('have every index and unique key by its name', async () => {
    const { rows } = await sql<{ line: string }>`
      select concat(table_name, ' ', index_name, ' ', if(non_unique, 'index', 'unique'), ' ', group_concat(column_name order by seq_in_index)) as line
        from information_schema.statistics where table_schema = database() and index_name <> 'PRIMARY'
        group by table_name, index_name, non_unique`.execute(db)
    expect(rows.length).toBeGreaterThan(20)
    expect(readIndexes(await schema.read())).toEqual(rows.map(({ line }) => line).toSorted())
  })

  test('have every primary key', async () => {
    const { rows } = await sql<{ line: string }>`
      select concat(table_name, ' ', group_concat(column_name order by seq_in_index)) as line
        from information_schema.statistics where table_schema = database() and index_name = 'PRIMARY' group by table_name`.execute(
      db,
    )
    expect(readKeys(await schema.read())).toEqual(rows.map(({ line }) => line).toSorted())
  })

  test('have every foreign key by its name, and what becomes of its rows', async () => {
    const { rows } = await sql<{ line: string }>`
      select concat_ws(' ', r.table_name, r.constraint_name, k.column_name, r.referenced_table_name, r.delete_rule, replace(r.update_rule, 'RESTRICT', 'NO ACTION')) as line
        from information_schema.referential_constraints r
        join information_schema.key_column_usage k on k.constraint_schema = r.constraint_schema and k.constraint_name = r.constraint_name and k.table_name = r.table_name
        where r.constraint_schema = database()`.execute(db)
    expect(rows.length).toBeGreaterThan(8)
    expect(readReferences(await schema.read())).toEqual(rows.map(({ line }) => line).toSorted())
  })
})

describeWith(installed, 'models for MariaDB, to Prisma', () => {
  test('are a valid schema', async () => {
    const folder = inject('prismaFolder') ?? ''
    const schema = await generateSchema(folder, 'mysql', OWN)
    const args = [...COMMAND_LINE, 'validate', '--schema', schema.path]
    expect(await runPrisma(process.execPath, args, folder)).toContain('is valid')
    await schema.drop()
  })
})

/** The models as text, read in another way than the command line reads them. */
function readModels(schema: string) {
  return [...schema.matchAll(/^model \w+ \{\n([^]*?)^\}/gm)].map(([, body = '']) => {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? ''
    const fields = [...body.matchAll(/^ {2}(\w+) +(String|BigInt|Int|Boolean)(\??)(.*)$/gm)]
    const columnOf = (field: string) => {
      const [, , , , attributes = ''] = fields.find(([, name]) => name === field) ?? []
      return /(?<!@)@map\("(\w+)"\)/.exec(attributes)?.[1] ?? field
    }
    return { table, body, fields, columnOf }
  })
}

function readColumns(schema: string): readonly string[] {
  const lines = readModels(schema).flatMap(({ table, fields, columnOf }) =>
    fields.map(([, name = '', type = '', optional, attributes = '']) => {
      const native = /@db\.(\w+(?:\(\d+\))?)/.exec(attributes)?.[1]?.toLowerCase()
      const known = { String: native ?? 'varchar(191)', BigInt: 'bigint(20)', Int: 'int(11)', Boolean: 'tinyint(1)' }[
        type
      ]
      const preset = /@default\((\d+)\)/.exec(attributes)?.[1]
      return [table, columnOf(name), known, optional ? 'YES' : 'NO', ...(preset ? [preset] : [])].join(' ')
    }),
  )
  return lines.toSorted()
}

function readIndexes(schema: string): readonly string[] {
  const lines = readModels(schema).flatMap(({ table, body, columnOf }) =>
    [...body.matchAll(/@@(unique|index)\(\[([^\]]*)\], map: "(\w+)"\)/g)].map(([, kind, fields = '', name]) =>
      [table, name, kind, fields.split(', ').map(columnOf).join(',')].join(' '),
    ),
  )
  return lines.toSorted()
}

function readKeys(schema: string): readonly string[] {
  const lines = readModels(schema).map(({ table, body, fields, columnOf }) => {
    const [, list] = /@@id\(\[([^\]]*)\]\)/.exec(body) ?? []
    const [, single = ''] = fields.find(([, , , , attributes = '']) => /(?<!@)@id\b/.test(attributes)) ?? []
    return `${table} ${(list?.split(', ') ?? [single]).map(columnOf).join(',')}`
  })
  return lines.toSorted()
}

function readReferences(schema: string): readonly string[] {
  const lines = readModels(schema).flatMap(({ table, body, columnOf }) =>
    [
      ...body.matchAll(
        /@relation\([^)]*fields: \[(\w+)\], references: \[id\], onDelete: Cascade, onUpdate: NoAction, map: "(\w+)"\)/g,
      ),
    ].map(([, field = '', name]) => [table, name, columnOf(field), 'users', 'CASCADE', 'NO ACTION'].join(' ')),
  )
  return lines.toSorted()
}
