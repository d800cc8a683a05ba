import { Migrator, sql, type Migration } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { kyselyAdapter } from '../../src/index.ts'
import { migrateToLatest, migrations, migrationsFor } from '../../src/migrate.ts'
import { runChild } from './child.ts'
import type { Db, TestDatabase } from './database.ts'
import { addAppColumns } from './rows.ts'

const ALL = Object.keys(migrations)
/** Ten processes of a busy machine. */
const LONG = { timeout: 180_000 }

export function describeMigrations(create: () => Promise<TestDatabase>): void {
  describe('migrations', () => {
    let database: TestDatabase
    beforeEach(async () => {
      database = await create()
    })
    afterEach(() => database.drop())

    test('D04 make the tables, and have nothing to do the second time', async () => {
      const db = database.connect()
      expect(await migrateToLatest(db)).toEqual(ALL)
      expect(await migrateToLatest(db)).toEqual([])
      await expectWorkingTables(db)
    })

    test('D04 run by six instances at once make one schema, and none of them fails', async () => {
      const runs = await Promise.all(Array.from({ length: 6 }, () => migrateToLatest(database.connect())))
      expect(runs.flat()).toEqual(ALL)
      await expectWorkingTables(database.connect())
    })

    test.each([2, 10])(
      'D04 run by %i processes at once make one schema, and none of them fails',
      LONG,
      async (processes) => {
        const run = () => runChild('migrate.mjs', database.address)
        const children = await Promise.all(Array.from({ length: processes }, run))
        for (const child of children) expect(child).toMatchObject({ code: 0, stderr: '' })
        expect(children.flatMap((child): string[] => JSON.parse(child.stdout))).toEqual(ALL)
        expect(await migrateToLatest(database.connect())).toEqual([])
        await expectWorkingTables(database.connect())
      },
    )

    test('D04 a run that was cut off before it was written down is run again', async () => {
      const db = database.connect()
      await migrateToLatest(db)
      await sql`delete from ${sql.table('latchkey_migration')}`.execute(db)
      expect(await migrateToLatest(db)).toEqual(ALL)
      await expectWorkingTables(db)
    })

    test('a table of somebody else’s under one of the names is refused by the column that it lacks', async () => {
      const db = database.connect()
      await db.schema.createTable('sessions').addColumn('sid', 'integer').addColumn('id', 'integer').execute()
      await expect(migrateToLatest(db)).rejects.toThrow(/session_token/)
      await expect(migrateToLatest(database.connect())).rejects.toThrow(/session_token/)
      await db.schema.dropTable('sessions').execute()
      expect(await migrateToLatest(db)).toContain('latchkey_003_sessions')
      await expectWorkingTables(db)
    })

    test('a users table of the app’s own will do where it has the columns, and keeps its rows', async () => {
      const db = database.connect()
      const [dialect] = database.address
      const name = dialect === 'mysql' ? sql`varchar(255) character set utf8mb4 collate utf8mb4_bin` : sql`text`
      const key = sql`, email_key ${name} generated always as (lower(email)) invisible unique`
      const create = sql`create table users (id ${name} not null primary key, name ${name}, email ${name},
        email_verified bigint, image ${name}, nickname ${name} ${dialect === 'mysql' ? key : sql``})`
      await create.execute(db)
      await sql`insert into users (id, email, nickname) values ('old', 'Old@example.com', 'oldie')`.execute(db)
      expect(await migrateToLatest(db)).toEqual(ALL)
      expect(await kyselyAdapter(db).getUserByEmail('old@EXAMPLE.com')).toMatchObject({ id: 'old', nickname: 'oldie' })
      await expectWorkingTables(db)
    })

    test('a users table of the app’s own without a column that is needed is refused by its name', async () => {
      const db = database.connect()
      const name = sql`varchar(255)`
      await sql`create table users (id ${name} not null primary key, name ${name}, email ${name}, email_verified bigint)`.execute(
        db,
      )
      await expect(migrateToLatest(db)).rejects.toThrow(/image/)
    })

    test('other names make other tables, beside those of the default names', async () => {
      const db = database.connect()
      const tables = { users: 'people', accounts: 'links', sessions: 'logins', verification_tokens: 'codes' }
      await migrateToLatest(db)
      expect(await migrateToLatest(db, { tables, migrationTable: 'people_migration' })).toEqual(ALL)
      await kyselyAdapter(db, { tables }).createUser({ id: 'u1' })
      expect(await kyselyAdapter(db).getUser('u1')).toBeNull()
      expect(await tableNames(db, database)).toEqual(
        expect.arrayContaining([...Object.values(tables), 'users', 'people_migration']),
      )
    })

    test('the app’s own migrator and ours do not disturb each other, whoever is first', async () => {
      const db = database.connect()
      const early: Record<string, Migration> = { '2020_posts': { up: (own) => createTable(own, 'posts') } }
      const late = { ...early, '2030_role': { up: addAppColumns } }
      const own = (record: Record<string, Migration>) => createMigrator(db, database, record)
      expect(await own(early).migrateToLatest()).not.toHaveProperty('error')
      expect(await migrateToLatest(db)).toEqual(ALL)
      expect(await own(late).migrateToLatest()).not.toHaveProperty('error')
      expect(await migrateToLatest(db)).toEqual([])
      expect(await kyselyAdapter(db).createUser({ id: 'u1' })).toMatchObject({ role: 'member' })
    })

    test('the record works in a migrator of Kysely, up and down', async () => {
      const db = database.connect()
      const migrator = createMigrator(db, database, migrationsFor())
      expect(await migrator.migrateToLatest()).not.toHaveProperty('error')
      await expectWorkingTables(db)
      for (const name of ALL.toReversed()) {
        expect(await migrator.migrateDown()).toMatchObject({ results: [{ migrationName: name, status: 'Success' }] })
      }
      expect(await tableNames(db, database)).not.toContain('users')
    })
  })
}

function createMigrator(db: Db, { schema }: TestDatabase, record: Record<string, Migration>): Migrator {
  const provider = { getMigrations: async () => record }
  return new Migrator({ db, provider, ...(schema && { migrationTableSchema: schema }) })
}

async function tableNames(db: Db, database: TestDatabase): Promise<readonly string[]> {
  const tables = await db.introspection.getTables()
  return tables.filter(({ schema }) => !database.schema || schema === database.schema).map(({ name }) => name)
}

async function createTable(db: Db, name: string): Promise<void> {
  await db.schema.createTable(name).addColumn('id', 'integer').execute()
}

async function expectWorkingTables(db: Db): Promise<void> {
  const id = crypto.randomUUID()
  await kyselyAdapter(db).createUser({ id, email: `${id}@example.com` })
  expect(await kyselyAdapter(db).getUserByEmail(`${id}@EXAMPLE.com`)).toMatchObject({ id })
  await expect(kyselyAdapter(db).createUser({ id: 'other', email: `${id}@EXAMPLE.com` })).rejects.toThrow()
}
