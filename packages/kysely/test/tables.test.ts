import { DummyDriver, Kysely, MssqlAdapter, MssqlIntrospector, MssqlQueryCompiler, SqliteDialect } from 'kysely'
import Database from 'libsql'
import { describe, expect, test } from 'vitest'
import { kyselyAdapter } from '../src/index.ts'
import { migrateToLatest, migrationsFor } from '../src/migrate.ts'

const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: new Database(':memory:') }) })

describe('C7 a wrong configuration throws at construction and names the option', () => {
  test('right names are taken', () => {
    expect(() => kyselyAdapter(db, { tables: { users: 'auth.people', sessions: 'login_2' } })).not.toThrow()
    expect(() => kyselyAdapter(db, { tables: {} })).not.toThrow()
  })

  test.each([
    { wrong: 'an empty name', tables: { users: '' }, says: /tables\.users/ },
    { wrong: 'a name with an alias', tables: { users: 'people as p' }, says: /tables\.users/ },
    { wrong: 'a name with a quote', tables: { sessions: `s"; drop table users; --` }, says: /tables\.sessions/ },
    { wrong: 'a name of three parts', tables: { accounts: 'a.b.c' }, says: /tables\.accounts/ },
    { wrong: 'one name for two tables', tables: { users: 'same', sessions: 'same' }, says: /tables: two of them/ },
    { wrong: 'the default name of another', tables: { users: 'sessions' }, says: /tables: two of them/ },
    {
      wrong: 'a table that there is not',
      tables: { user: 'people' } as object,
      says: /tables\.user: .*verification_tokens/,
    },
  ])('$wrong', async ({ tables, says }) => {
    expect(() => kyselyAdapter(db, { tables })).toThrow(says)
    expect(() => migrationsFor({ tables })).toThrow(says)
    await expect(migrateToLatest(db, { tables })).rejects.toThrow(says)
  })

  test('a dialect that is not supported', async () => {
    const mssql = new Kysely<unknown>({
      dialect: {
        createAdapter: () => new MssqlAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (instance) => new MssqlIntrospector(instance),
        createQueryCompiler: () => new MssqlQueryCompiler(),
      },
    })
    expect(() => kyselyAdapter(mssql)).toThrow(/SQLite, PostgreSQL, MySQL or MariaDB/)
    await expect(migrateToLatest(mssql)).rejects.toThrow(/SQLite, PostgreSQL, MySQL or MariaDB/)
  })
})
