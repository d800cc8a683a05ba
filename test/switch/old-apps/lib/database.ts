import { KyselyAdapter } from '@auth/kysely-adapter'
import { Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'

/** Null: this app has the jwt strategy. */
export const adapter = process.env.OLD_DATABASE
  ? KyselyAdapter(
      new Kysely({ dialect: new PostgresDialect({ pool: new Pool({ connectionString: process.env.OLD_DATABASE }) }) }),
    )
  : null
