/** PostgreSQL's names have 63 letters, and those of indexes are longer than their table's. */
const MAX_LENGTH = 48

/**
 * The name of a plug-in's table in every store: `api_key_uses` for the table `uses` of the plug-in `apiKey`.
 *
 * @throws TypeError if that is no name for a table, or longer than 48 letters
 */
export function tableName(plugin: string, table: string): string {
  return requireTableName(`${columnName(plugin)}_${columnName(table)}`)
}

/** @throws TypeError if it is no name in snake_case, or longer than 48 letters */
export function requireTableName(name: string): string {
  if (SNAKE_CASE.test(name) && name.length <= MAX_LENGTH) return name
  throw new TypeError(`${name}: a table's name is in snake_case and has at most ${MAX_LENGTH} letters`)
}

const SNAKE_CASE = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/

/** The name of a column in a database, and the prefix of the names of a plug-in's tables: `changed_at` for `changedAt`. */
export function columnName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('-', '_')
}
