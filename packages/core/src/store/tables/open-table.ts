import { isWithin } from './bounds.ts'
import { fromCell, keyedTexts, toCell, toInteger } from './cells.ts'
import { toConditions, toKeyConditions } from './conditions.ts'
import type { Bounds, Cells, StoredRow, TableDriver } from './driver.ts'
import type { Row, Table, TableSpec } from './table.ts'

/** A table over what a store does for it: checks names and values, and turns them into cells and back. */
export function openTable<TSpec extends TableSpec>(spec: TSpec, driver: TableDriver): Table<TSpec> {
  const keyed = keyedTexts(spec)
  const toCells = (row: object) => requireCells(spec, keyed, row)
  const [primaryKey = []] = spec.unique
  return {
    insert: async (row) => driver.insert(requireAll(spec, toCells(row))),
    get: async (key) => {
      const conditions = toKeyConditions(spec, key)
      return toRow(spec, conditions && (await driver.get(conditions)))
    },
    list: async ({ where = {}, limit, after }) => {
      const conditions = toConditions(spec, where)
      const start = after ? requireAll(spec, toCells(pick(after, primaryKey)), primaryKey) : null
      if (!conditions) return []
      const rows = await driver.list({ conditions, limit: requireLimit(limit), after: start })
      return rows.map((row) => readRow(spec, row))
    },
    update: async (where, changes) => {
      const conditions = toConditions(spec, notEmpty(where))
      const cells = toCells(changes)
      return conditions ? driver.update(conditions, cells) : 0
    },
    take: async (key, where = {}) => {
      const [named, further] = [toKeyConditions(spec, key), toConditions(spec, where)]
      return toRow(spec, named && further && (await driver.take([...named, ...further])))
    },
    remove: async (where, limit) => {
      const conditions = toConditions(spec, notEmpty(where))
      return conditions ? driver.remove(conditions, limit === undefined ? null : requireLimit(limit)) : 0
    },
    increment: async (row, column, by = 1) => {
      const name = requireCounted(spec, column)
      const cells = requireAll(spec, toCells(row))
      return toInteger(name, await driver.increment(cells, name, requireInteger('by', by), UNBOUNDED))
    },
    incrementWithin: async (row, column, { by = 1, min, max }) => {
      const name = requireCounted(spec, column)
      const cells = requireAll(spec, toCells(row))
      const bounds = { min: readBound('min', min), max: readBound('max', max) }
      if (!isWithin(Number(cells[name]), bounds)) throw new TypeError(`${name}: the row is outside of the bounds`)
      const value = await driver.increment(cells, name, requireInteger('by', by), bounds)
      return value === null || value === undefined ? null : toInteger(name, value)
    },
  }
}

/** @throws TypeError for a column that there isn't, and for a value that its column can't hold */
function requireCells({ columns }: TableSpec, keyed: ReadonlySet<string>, row: object): Cells {
  const cells = Object.entries(row).map(([name, value]: [string, unknown]) => {
    const column = Object.hasOwn(columns, name) ? columns[name] : undefined
    if (!column) throw new TypeError(`there is no column '${name}'`)
    return [name, toCell(name, column, keyed.has(name), value)] as const
  })
  return Object.fromEntries(cells)
}

/** @throws TypeError if a column is missing */
function requireAll({ columns }: TableSpec, cells: Cells, names: readonly string[] = Object.keys(columns)): Cells {
  const missing = names.find((name) => !Object.hasOwn(cells, name))
  if (missing === undefined) return cells
  throw new TypeError(`${missing}: is missing`)
}

function pick(row: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name)))
}

function toRow<TSpec extends TableSpec>(spec: TSpec, stored: StoredRow | null): Row<TSpec> | null {
  return stored && readRow(spec, stored)
}

function readRow<TSpec extends TableSpec>(spec: TSpec, stored: StoredRow): Row<TSpec> {
  const columns = Object.entries(spec.columns)
  // Each value was checked by its column when it was written.
  return Object.fromEntries(columns.map(([name, column]) => [name, fromCell(name, column, stored[name])])) as Row<TSpec>
}

/** An empty condition is more likely a mistake than the wish to change every row. */
function notEmpty<T extends object>(where: T): T {
  if (Object.keys(where).length > 0) return where
  throw new TypeError('where: must say which rows are meant')
}

function requireLimit(limit: number): number {
  if (Number.isSafeInteger(limit) && limit > 0) return limit
  throw new TypeError('limit: must be a positive integer')
}

const UNBOUNDED: Bounds = { min: null, max: null }

function readBound(name: string, bound: number | undefined): number | null {
  return bound === undefined ? null : requireInteger(name, bound)
}

function requireInteger(name: string, value: number): number {
  if (Number.isSafeInteger(value)) return value
  throw new TypeError(`${name}: must be an integer`)
}

/** MySQL would count in the row of any unique key. */
function requireCounted({ columns, unique }: TableSpec, column: PropertyKey): string {
  const name = String(column)
  if (unique.length > 1) throw new TypeError('increment: only for tables with one unique key')
  const { kind, nullable } = (Object.hasOwn(columns, name) && columns[name]) || {}
  if (kind === 'integer' && !nullable && !unique[0]?.includes(name)) return name
  throw new TypeError(`increment: '${name}' must be an integer() that is never null and in no key`)
}
