import { describeWith, findMariadb, findPostgres } from '../services.ts'
import { createMariadb } from '../support/mariadb.ts'
import { createPostgres } from '../support/postgres.ts'
import { createSqlite } from '../support/sqlite.ts'
import { describePollingBus } from './polling-suite.ts'
import { CamelCasePlugin } from 'kysely'

describePollingBus('SQLite', createSqlite)
describePollingBus('SQLite, in an app that writes columns in camel case', () => createSqlite([new CamelCasePlugin()]))

const [postgres, mariadb] = await Promise.all([findPostgres(), findMariadb()])
describeWith(postgres, 'a bus that polls PostgreSQL', () =>
  describePollingBus('PostgreSQL', () => createPostgres(postgres)),
)
describeWith(mariadb, 'a bus that polls MariaDB', () => describePollingBus('MariaDB', () => createMariadb(mariadb)))
