import type { Adapter, AnyPlugin } from '@latchkey/core'
import type { Kysely } from 'kysely'

declare global {
  const db: Kysely<Record<never, never>>
  const invitations: () => AnyPlugin
  const plugins: readonly AnyPlugin[]
  /** Auth.js's. */
  const KyselyAdapter: (db: Kysely<Record<never, never>>) => Adapter
}
