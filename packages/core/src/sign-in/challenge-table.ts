import { instant, text, user } from '../store/tables/column.ts'
import { table } from '../store/tables/define-table.ts'
import { tableName } from '../store/tables/table-name.ts'
import type { TableSpec, TableStore } from '../store/tables/table.ts'

const SPEC = table(
  // Sealed, for what another service gave may authenticate there.
  { digest: text(), user: user(), sealed: text(), expires: instant() },
  { unique: [['digest']], expires: 'expires' },
)

/** A sign-in that waits for its second step. */
export interface ChallengeRow {
  /** SHA-256 of the challenge. */
  readonly digest: string
  readonly user: string
  readonly sealed: string
  readonly expires: Date
}

/** What is asked of the table. */
export interface ChallengeTable {
  readonly insert: (row: ChallengeRow) => Promise<boolean>
  readonly get: (key: Pick<ChallengeRow, 'digest'>) => Promise<ChallengeRow | null>
  readonly take: (
    key: Pick<ChallengeRow, 'digest'>,
    where: { readonly user: string; readonly expires: { readonly above: Date } },
  ) => Promise<ChallengeRow | null>
  readonly remove: (where: Pick<ChallengeRow, 'user'>) => Promise<number>
}

/** The table of sign-ins that wait, described as a plug-in's is, for stores that create tables. */
export const challengeTables: { readonly id: string; readonly tables: Readonly<Record<string, TableSpec>> } = {
  id: 'latchkey',
  tables: { challenges: SPEC },
}

export function openChallengeTable(store: Pick<TableStore, 'table'>): ChallengeTable {
  return store.table(tableName(challengeTables.id, 'challenges'), SPEC)
}
