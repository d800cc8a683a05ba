import { isWithin } from '../tables/bounds.ts'
import type { Cells, Conditions, DriverQuery, TableDriver } from '../tables/driver.ts'
import type { TableSpec, TableStore } from '../tables/table.ts'
import { createTableStore } from '../tables/table-store.ts'

/** The tables of plug-ins, in memory. A table that is opened again has the same rows. */
export function createPluginTables(hasUser: (id: string) => boolean): TableStore {
  const rows = new Map<string, Set<Cells>>()
  return createTableStore((name, spec) => {
    const kept = rows.get(name) ?? new Set()
    rows.set(name, kept)
    return openRows(kept, spec, hasUser)
  })
}

/** Each method does its work before its first await: that makes it one step. A cell can't be changed by holding it. */
function openRows(rows: Set<Cells>, spec: TableSpec, hasUser: (id: string) => boolean): TableDriver {
  const [primaryKey = []] = spec.unique
  const checkUsers = (row: Cells) => {
    const isUnknown = ([name, { references }]: [string, TableSpec['columns'][string]]) =>
      references !== null && typeof row[name] === 'string' && !hasUser(row[name])
    if (Object.entries(spec.columns).some(isUnknown)) throw new Error('there is no user with this id')
  }
  const find = (conditions: Conditions) => [...rows].filter((row) => fulfils(row, conditions))
  const list = ({ conditions, limit, after }: DriverQuery) =>
    find(conditions)
      .filter((row) => !after || compare(row, after, primaryKey) > 0)
      .sort((a, b) => compare(a, b, primaryKey))
      .slice(0, limit)
  return {
    insert: async (row) => {
      checkUsers(row)
      if (hasTwin([...rows], row, spec)) return false
      rows.add(row)
      return true
    },
    get: async (key) => find(key)[0] ?? null,
    list: async (query) => list(query),
    update: async (conditions, changes) => {
      const meant = find(conditions)
      const changed = meant.map((row) => ({ ...row, ...changes }))
      const others = [...rows].filter((row) => !meant.includes(row))
      for (const [index, row] of changed.entries()) {
        checkUsers(row)
        if (hasTwin([...others, ...changed.slice(0, index)], row, spec)) throw new Error('a unique key is taken')
      }
      for (const row of meant) rows.delete(row)
      for (const row of changed) rows.add(row)
      return meant.length
    },
    take: async (conditions) => {
      const [row = null] = find(conditions)
      if (row) rows.delete(row)
      return row
    },
    remove: async (conditions, limit) => {
      const meant = list({ conditions, limit: limit ?? Infinity, after: null })
      for (const row of meant) rows.delete(row)
      return meant.length
    },
    increment: async (row, column, by, bounds) => {
      checkUsers(row)
      const known = [...rows].find((other) => isSameKey(row, other, primaryKey))
      if (known && !isWithin(Number(known[column]) + by, bounds)) return null
      const next = known ? { ...known, [column]: Number(known[column]) + by } : row
      if (known) rows.delete(known)
      rows.add(next)
      return next[column]
    },
  }
}

function hasTwin(rows: readonly Cells[], row: Cells, { unique }: TableSpec): boolean {
  return rows.some((other) => unique.some((key) => isSameKey(row, other, key)))
}

function isSameKey(a: Cells, b: Cells, key: readonly string[]): boolean {
  return key.every((name) => a[name] === b[name])
}

function fulfils(row: Cells, conditions: Conditions): boolean {
  return conditions.every(({ column, is, value }) => {
    const cell = row[column] ?? null
    if (is === '=') return cell === value
    return cell !== null && value !== null && (is === '<' ? cell < value : cell > value)
  })
}

function compare(a: Cells, b: Cells, key: readonly string[]): number {
  for (const name of key) {
    const order = compareCells(a[name], b[name])
    if (order !== 0) return order
  }
  return 0
}

/** Texts by their code points, as databases order bytes; JavaScript's `<` orders halves of surrogate pairs. */
function compareCells(a: Cells[string] | undefined, b: Cells[string] | undefined): number {
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(Array.from(a), Array.from(b))
  return Number(a) - Number(b)
}

function compareTexts(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((letter, index) => letter !== b[index])
  if (at < 0) return a.length - b.length
  return (a[at]?.codePointAt(0) ?? 0) - (b[at]?.codePointAt(0) ?? -1)
}
