import {
  describeContract,
  describeCounterContract,
  describeTableContract,
  describeTablesAlone,
} from './support/contract.ts'
import { describeDatabase, openDatabase } from './support/database-suite.ts'
import { describeDeadlines } from './support/deadlines.ts'
import { describeDeadlocks } from './support/deadlocks.ts'
import { createMariadb } from './support/mariadb.ts'
import { describeWith, findMariadb } from './services.ts'

const mariadb = await findMariadb()

describeWith(mariadb, 'MariaDB', () => {
  describeContract('Kysely on MariaDB', () => createMariadb(mariadb))
  describeTableContract('Kysely on MariaDB', () => createMariadb(mariadb))
  describeTablesAlone('Kysely on MariaDB, without users', () => createMariadb(mariadb))
  describeCounterContract('a table, Kysely on MariaDB', () => createMariadb(mariadb))
  describeDatabase('MariaDB', () => createMariadb(mariadb))
  describeDeadlines(() => openDatabase(() => createMariadb(mariadb)))
  describeDeadlocks(() => createMariadb(mariadb))
})
