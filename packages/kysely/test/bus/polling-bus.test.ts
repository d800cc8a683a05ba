import { CamelCasePlugin, type KyselyPlugin } from 'kysely'
import { expect, test } from 'vitest'
import { busTables, pollingBus } from '../../src/index.ts'
import { migrateTables } from '../../src/migrate.ts'
import { describeWith, findMariadb, findPostgres } from '../services.ts'
import { createMariadb } from '../support/mariadb.ts'
import { createPostgres } from '../support/postgres.ts'
import { createSqlite } from '../support/sqlite.ts'
import { follow, SILENT } from './follow.ts'
import { describePollingBus } from './polling-suite.ts'

describePollingBus('SQLite', createSqlite)
describePollingBus('SQLite, in an app that writes columns in camel case', () => createSqlite([new CamelCasePlugin()]))

const [postgres, mariadb] = await Promise.all([findPostgres(), findMariadb()])
describeWith(postgres, 'a bus that polls PostgreSQL', () =>
  describePollingBus('PostgreSQL', () => createPostgres(postgres)),
)
describeWith(mariadb, 'a bus that polls MariaDB', () => describePollingBus('MariaDB', () => createMariadb(mariadb)))

test('a look that takes longer than a second counts as lost until it is done, and then it has missed nothing', async () => {
  const database = await createSqlite()
  const db = database.connect()
  await migrateTables(db, { plugins: [busTables] })
  let hang: Promise<void> = Promise.resolve()
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      await hang
      return result
    },
  }
  const bus = pollingBus(db.withPlugin(plugin), { pollEvery: 0.02, logger: SILENT })
  const other = pollingBus(database.connect(), { pollEvery: 0.02, logger: SILENT })
  const { said, heard } = await follow(bus)
  let goOn = () => {}
  hang = new Promise((resolve) => (goOn = resolve))
  await expect.poll(() => said.at(-1), { timeout: 10_000 }).toBe('lost')
  await other.publish('1.meanwhile')
  expect(heard).toEqual([])
  hang = Promise.resolve()
  goOn()
  await expect.poll(() => said.at(-1), { timeout: 10_000 }).toMatch(/^connected 3\d\d$/)
  await expect.poll(() => heard).toEqual(['1.meanwhile'])
  await Promise.all([bus.close?.(), other.close?.()])
  await database.drop()
})
