import type { Column } from './column.ts'
import type { TableSpec } from './table.ts'

/**
 * Refuses what one of the databases can't do, in every store.
 *
 * @throws TypeError naming the column, key or option
 */
export function checkSpec({ columns, unique, indexes, expires, since }: TableSpec): void {
  checkSince('since', since)
  for (const [name, column] of Object.entries(columns)) checkColumn(name, column, since)
  if (unique.length === 0) throw new TypeError('unique: a table needs at least one unique key')
  for (const key of unique)
    checkKey(`unique ${quoteNames(key)}`, readColumns(`unique ${quoteNames(key)}`, columns, key))
  for (const index of indexes)
    checkIndex(`indexes ${quoteNames(index)}`, readColumns(`indexes ${quoteNames(index)}`, columns, index))
  if (expires === null) return
  const [column] = readColumns('expires', columns, [expires])
  if (column?.kind !== 'instant') throw new TypeError(`expires: '${expires}' is no instant()`)
}

function checkColumn(name: string, { since }: Column, created: number): void {
  // A name that every object has can't be distinguished from a missing column.
  if (!CAMEL_CASE.test(name) || name.length > MAX_NAME || name in Object.prototype)
    throw new TypeError(`columns.${name}: write a name such as 'changedAt', of at most ${MAX_NAME} letters and digits`)
  if (since === null) return
  checkSince(`columns.${name}`, since)
  if (since < created) throw new TypeError(`columns.${name}: its migration comes before the one that creates the table`)
}

/** Maps onto a name in snake_case and back. */
const CAMEL_CASE = /^[a-z][a-z0-9]*(?:[A-Z][a-z0-9]+)*$/
const MAX_NAME = 40

function checkSince(option: string, since: number): void {
  if (!Number.isInteger(since) || since < 1 || since > 999)
    throw new TypeError(`${option}: since is the number of a migration, from 1 to 999`)
}

/** MySQL's indexes take 3,072 bytes, and four for each of a text's 255 characters. */
const MAX_TEXTS = 3

function checkKey(option: string, columns: readonly Column[]): void {
  checkIndex(option, columns)
  // A database takes any number of nulls in a unique key.
  if (columns.some(({ nullable }) => nullable))
    throw new TypeError(`${option}: a column of a unique key can't be nullable`)
}

function checkIndex(option: string, columns: readonly Column[]): void {
  if (columns.some(({ kind }) => kind === 'json'))
    throw new TypeError(`${option}: json() can't be in a key or an index`)
  if (columns.filter(({ kind }) => kind === 'text').length > MAX_TEXTS)
    throw new TypeError(`${option}: MySQL takes at most ${MAX_TEXTS} columns of text into a key or an index`)
}

function readColumns(option: string, columns: TableSpec['columns'], names: readonly string[]): readonly Column[] {
  if (names.length === 0) throw new TypeError(`${option}: name at least one column`)
  if (new Set(names).size < names.length) throw new TypeError(`${option}: names a column twice`)
  return names.map((name) => {
    const column = Object.hasOwn(columns, name) ? columns[name] : undefined
    if (!column) throw new TypeError(`${option}: there is no column '${name}'`)
    return column
  })
}

function quoteNames(names: readonly string[]): string {
  return `(${names.join(', ')})`
}
