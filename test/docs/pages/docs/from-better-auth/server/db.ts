import { postgresDialect } from '@latchkey/kysely'
import { Kysely } from 'kysely'
import { Pool } from 'pg'

export const db = new Kysely<unknown>({
  dialect: postgresDialect(new Pool({ connectionString: process.env.DATABASE_URL })),
})
