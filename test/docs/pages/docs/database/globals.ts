import type { Adapter, AnyPlugin } from '@latchkey/core'
import type { Kysely } from 'kysely'
import type { Pool } from 'pg'

declare global {
  const db: Kysely<object>
  const pool: Pool
  const invitations: () => AnyPlugin
  const plugins: readonly AnyPlugin[]
  /** Auth.js's. */
  const KyselyAdapter: (db: Kysely<object>) => Adapter
}
