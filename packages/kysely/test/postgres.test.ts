import { describeContract, describeTableContract, describeTablesAlone } from './support/contract.ts'
import { describeDatabase, openDatabase } from './support/database-suite.ts'
import { describeDeadlines } from './support/deadlines.ts'
import { createPostgres } from './support/postgres.ts'
import { describeWith, findPostgres } from './services.ts'

const postgres = await findPostgres()

describeWith(postgres, 'PostgreSQL', () => {
  describeContract('Kysely on PostgreSQL', () => createPostgres(postgres))
  describeTableContract('Kysely on PostgreSQL', () => createPostgres(postgres))
  describeTablesAlone('Kysely on PostgreSQL, without users', () => createPostgres(postgres))
  describeDatabase('PostgreSQL', () => createPostgres(postgres))
  describeDeadlines(() => openDatabase(() => createPostgres(postgres)))
})
