import type { TableSpec } from '@latchkey/core'
import { columnName, keyedTexts } from '@latchkey/core/store'
import type { ColumnKind, ColumnShape, KeyShape, TableShape } from './shape.ts'

/** A table of a plug-in, as the plug-in's migrations make it. */
export function describePluginTable(name: string, spec: TableSpec): TableShape {
  const [primaryKey = [], ...unique] = spec.unique
  return {
    name,
    columns: Object.keys(spec.columns).map((field) => describeColumn(name, spec, field)),
    primaryKey: { name: `${name}_pkey`, fields: primaryKey },
    unique: unique.map((fields, index) => ({ name: `${name}_key_${index + 2}`, fields })),
    indexes: describeIndexes(name, spec),
  }
}

function describeColumn(table: string, spec: TableSpec, field: string): ColumnShape {
  const column = spec.columns[field]
  if (!column) throw new TypeError(`${table}: has no column ${field}`)
  return {
    field,
    name: columnName(field),
    kind: kindOf(spec, field, column.kind),
    isNullable: column.nullable,
    isAdded: sinceOf(spec, field) > spec.since,
    ...(column.references === 'user' && { userKey: userKeyOf(table, spec, field) }),
  }
}

function kindOf(spec: TableSpec, field: string, kind: TableSpec['columns'][string]['kind']): ColumnKind {
  if (kind === 'integer') return 'bigint'
  if (kind !== 'text') return kind
  return keyedTexts(spec).has(field) ? 'key' : 'long'
}

/** Counted within the migration that makes the column. */
function userKeyOf(table: string, spec: TableSpec, field: string): string {
  const step = sinceOf(spec, field)
  const made = Object.keys(spec.columns).filter((other) => sinceOf(spec, other) === step)
  return `${table}_fkey_${step}_${made.indexOf(field) + 1}`
}

/** Counted within the migration that makes the last of its columns. */
function describeIndexes(table: string, spec: TableSpec): readonly KeyShape[] {
  const counts = new Map<number, number>()
  return indexesOf(spec).map((fields) => {
    const step = Math.max(...fields.map((field) => sinceOf(spec, field)))
    const number = (counts.get(step) ?? 0) + 1
    counts.set(step, number)
    return { name: `${table}_index_${step}_${number}`, fields }
  })
}

function sinceOf(spec: TableSpec, field: string): number {
  return spec.columns[field]?.since ?? spec.since
}

/** Also of the expiry and of users, whose rows go with them, unless there is one that begins with the column. */
function indexesOf({ columns, unique, indexes, expires }: TableSpec): readonly (readonly string[])[] {
  const users = Object.keys(columns).filter((field) => columns[field]?.references === 'user')
  const begun = new Set([...unique, ...indexes].map(([first]) => first))
  const needed = new Set([...users, ...(expires === null ? [] : [expires])].filter((field) => !begun.has(field)))
  return [...indexes, ...[...needed].map((field) => [field])]
}
