import type { Adapter, AnyPlugin } from '@latchkey/core'
import type { Kysely } from 'kysely'

declare global {
  const db: Kysely<object>
  const invitations: () => AnyPlugin
  const plugins: readonly AnyPlugin[]
  /** Auth.js's. */
  const KyselyAdapter: (db: Kysely<object>) => Adapter
}
