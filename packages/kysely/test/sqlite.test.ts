import { CamelCasePlugin } from 'kysely'
import { describe } from 'vitest'
import {
  describeContract,
  describeCounterContract,
  describeTableContract,
  describeTablesAlone,
} from './support/contract.ts'
import { describeDatabase, openDatabase } from './support/database-suite.ts'
import { describeDeadlines } from './support/deadlines.ts'
import { createSqlite } from './support/sqlite.ts'

describeContract('Kysely on SQLite', createSqlite)
describeTableContract('Kysely on SQLite', createSqlite)
describeTablesAlone('Kysely on SQLite, without users', createSqlite)
describeCounterContract('a table, Kysely on SQLite', createSqlite)

describeDatabase('SQLite', createSqlite)

describe('SQLite', () => describeDeadlines(() => openDatabase(createSqlite)))

describeContract('Kysely on SQLite with the CamelCasePlugin', () => createSqlite([new CamelCasePlugin()]))
describeTableContract('Kysely on SQLite with the CamelCasePlugin', () => createSqlite([new CamelCasePlugin()]))

describeContract('Kysely on SQLite with tables under other names', createSqlite, {
  tables: { users: 'person', accounts: 'person_account', sessions: 'login', verification_tokens: 'code' },
})
