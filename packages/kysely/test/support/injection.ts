import { type Column, attemptTables, challengeTables, type TableSpec } from '@latchkey/core'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tables as apiKey } from '../../../api-keys/src/tables.ts'
import { HOSTILE_TEXT } from '../../../core/test/adapter/text.ts'
import { tables as changeEmail } from '../../../email/src/change-email/tables.ts'
import { tables as emailCode } from '../../../email/src/email-code/tables.ts'
import { tables as magicLink } from '../../../email/src/magic-link/tables.ts'
import { tables as oauth } from '../../../oauth/src/tables.ts'
import { tables as passkey } from '../../../passkey/src/tables.ts'
import { tables as password } from '../../../password/src/tables.ts'
import { tables as totp } from '../../../totp/src/tables.ts'
import { busTables, kyselyAdapter } from '../../src/index.ts'
import { migrateToLatest } from '../../src/migrate.ts'
import type { Db, TestDatabase } from './database.ts'

/** Every table that a package of ours writes, beside the four of the adapter. */
const PLUGINS: readonly { readonly id: string; readonly tables: Readonly<Record<string, TableSpec>> }[] = [
  challengeTables,
  attemptTables,
  busTables,
  { id: 'apiKey', tables: apiKey },
  { id: 'changeEmail', tables: changeEmail },
  { id: 'emailCode', tables: emailCode },
  { id: 'magicLink', tables: magicLink },
  { id: 'oauth', tables: oauth },
  { id: 'passkey', tables: passkey },
  { id: 'password', tables: password },
  { id: 'totp', tables: totp },
]

const TABLES = PLUGINS.flatMap(({ id, tables }) =>
  Object.entries(tables).map(([table, spec]) => ({ name: toSnakeCase(`${id}_${table}`), spec })),
)

/** The adapter's own tables. */
const FOUR = { users: true, accounts: true, sessions: true, verification_tokens: true }

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('-', '_')
}

/** Text that a statement which is put together from text would run, in every field of every plug-in. */
export function describeInjection(create: () => Promise<TestDatabase>): void {
  describe('texts in the tables of plug-ins', () => {
    let database: TestDatabase
    let db: Db
    beforeAll(async () => {
      database = await create()
      db = database.connect()
      // Those of core come with every migration.
      await migrateToLatest(db, { plugins: PLUGINS.filter((plugin) => plugin !== challengeTables) })
    })
    afterAll(() => database.drop())

    test.each(HOSTILE_TEXT)(
      'D01 %j in every field is kept as it is, and changes no other table',
      { timeout: 120_000 },
      async (text) => {
        const adapter = kyselyAdapter(db)
        const owner = `owner${text}`
        await adapter.createUser({ id: owner })
        const before = await countAll(db)
        const opened = TABLES.map(({ name, spec }) => {
          const row = rowOf(spec, text, owner)
          // Columns of a table that isn't known here.
          return { name, spec, row, key: keyOf(spec, row) as never, table: adapter.table(name, spec) }
        })
        for (const { row, key, spec, table } of opened) {
          expect(await table.insert(row as never)).toBe(true)
          expect(await table.insert(row as never)).toBe(false)
          expect(await table.get(key)).toEqual(row)
          expect(await table.update(key, textsOf(spec, row) as never)).toBe(1)
        }
        const during = await countAll(db)
        for (const [name, count] of Object.entries(before)) expect(during[name]).toBe(name in FOUR ? count : count + 1)
        for (const { row, key, table } of opened) {
          expect(await table.list({ where: key, limit: 2 })).toEqual([row])
          expect(await table.take(key)).toEqual(row)
        }
        expect(await countAll(db)).toEqual(before)
        await adapter.deleteUser(owner)
      },
    )
  })
}

function rowOf(spec: TableSpec, text: string, owner: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(spec.columns).map(([field, column]) => [field, valueOf(column, `${text}${field}${text}`, owner)]),
  )
}

function keyOf({ unique: [first = []] }: TableSpec, row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(first.map((column) => [column, row[column]]))
}

function valueOf({ kind, references }: Column, text: string, owner: string): unknown {
  if (references === 'user') return owner
  return { text, json: { [text]: [text] }, integer: 1, boolean: true, instant: new Date(1_700_000_000_000) }[kind]
}

/** What of a row may be changed: no key. */
function textsOf({ columns, unique }: TableSpec, row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const keys = new Set(unique.flat())
  const fields = Object.keys(columns).filter((field) => !keys.has(field) && columns[field]?.kind === 'text')
  return Object.fromEntries(fields.map((field) => [field, row[field]]))
}

async function countAll(db: Db): Promise<Record<string, number>> {
  const names = [...Object.keys(FOUR), ...TABLES.map(({ name }) => name)]
  const counts = names.map((name) => sql`select ${sql.lit(name)} as name, count(*) as total from ${sql.table(name)}`)
  const { rows } = await sql<{ name: string; total: number }>`${sql.join(counts, sql` union all `)}`.execute(db)
  return Object.fromEntries(rows.map(({ name, total }) => [name, Number(total)]))
}
