import { isStorable, toCell } from './cells.ts'
import type { Column } from './column.ts'
import type { CellCondition, Conditions } from './driver.ts'
import type { TableSpec } from './table.ts'

/**
 * What a `where` asks for. Null if no row can fulfil it: a text that no database holds is in no row.
 *
 * @throws TypeError for a column that there isn't, and for a value that its column can't be compared with
 */
export function toConditions({ columns }: TableSpec, where: object): Conditions | null {
  const conditions: CellCondition[] = []
  for (const [name, value] of Object.entries(where) as [string, unknown][]) {
    const column = Object.hasOwn(columns, name) ? columns[name] : undefined
    if (!column) throw new TypeError(`where: there is no column '${name}'`)
    if (typeof value === 'string' && !isStorable(value)) return null
    conditions.push(...toCondition(name, column, value))
  }
  return conditions
}

/**
 * The conditions that find the row of a unique key.
 *
 * @throws TypeError if it is not exactly one of the table's unique keys
 */
export function toKeyConditions(spec: TableSpec, key: object): Conditions | null {
  const names = new Set(Object.keys(key))
  if (spec.unique.some((columns) => columns.length === names.size && columns.every((name) => names.has(name))))
    return toConditions(spec, key)
  const known = spec.unique.map((columns) => `(${columns.join(', ')})`).join(' or ')
  throw new TypeError(`key: must be the columns of one unique key, ${known}`)
}

function toCondition(column: string, type: Column, value: unknown): readonly CellCondition[] {
  // Even if the column isn't nullable: then it matches nothing.
  if (value === null) return [{ column, is: '=', value }]
  if (type.kind === 'json') throw new TypeError(`where.${column}: json() can't be in a condition`)
  // Nothing is refused for its length: longer text is in no row.
  if (!isRange(type, value)) return [{ column, is: '=', value: toCell(`where.${column}`, type, false, value) }]
  const { below, above, ...others } = value
  if (Object.keys(others).length > 0 || !('below' in value || 'above' in value))
    throw new TypeError(`where.${column}: a range has \`below\`, \`above\` or both`)
  const end = (is: '<' | '>', limit: unknown): CellCondition => ({
    column,
    is,
    value: toCell(`where.${column}`, { ...type, nullable: false }, false, limit),
  })
  return [...('below' in value ? [end('<', below)] : []), ...('above' in value ? [end('>', above)] : [])]
}

function isRange({ kind }: Column, value: unknown): value is { readonly below?: unknown; readonly above?: unknown } {
  const hasOrder = kind === 'integer' || kind === 'instant'
  return hasOrder && typeof value === 'object' && value !== null && !(value instanceof Date)
}
