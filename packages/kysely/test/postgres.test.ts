import { describeContract } from './support/contract.ts'
import { describeDatabase } from './support/database-suite.ts'
import { createPostgres } from './support/postgres.ts'
import { describeWith, findPostgres } from './services.ts'

const postgres = await findPostgres()

describeWith(postgres, 'PostgreSQL', () => {
  describeContract('Kysely on PostgreSQL', () => createPostgres(postgres))
  describeDatabase('PostgreSQL', () => createPostgres(postgres))
})
