import type { Provider } from '../tables/record.ts'
import type { ColumnShape } from '../tables/shape.ts'

/** What a column is in a model: its type, and the attribute that says more of it. */
export interface ColumnType {
  readonly type: string
  readonly native: string | null
}

/**
 * A column's type for Prisma, without the collation, of which Prisma knows nothing and which it leaves alone.
 *
 * @throws Error for a type that no migration has used so far
 */
export function toColumnType(provider: Provider, { name, type }: ColumnShape): ColumnType {
  const [bare = ''] = type.split(/ (?:character set|collate) /)
  const known = TYPES.get(bare)
  if (!known) throw new Error(`the type ${type} of the column ${name} is unknown here`)
  // A text has no length on PostgreSQL, and no type on SQLite has one for Prisma.
  const hasNative = provider === 'mysql' || (provider === 'postgresql' && bare.startsWith('varchar'))
  return { type: known.type, native: hasNative ? known.native : null }
}

const TYPES: ReadonlyMap<string, ColumnType> = new Map([
  ['text', { type: 'String', native: '@db.Text' }],
  ['mediumtext', { type: 'String', native: '@db.MediumText' }],
  ['varchar(255)', { type: 'String', native: '@db.VarChar(255)' }],
  ['bigint', { type: 'BigInt', native: null }],
  ['integer', { type: 'Int', native: null }],
  ['boolean', { type: 'Boolean', native: null }],
])
