/** The text of one schema file, in which models are found by their tables. */
export interface SchemaText {
  readonly lines: readonly string[]
  readonly models: readonly ModelText[]
}

/** A model as it stands in a file. */
export interface ModelText {
  readonly name: string
  readonly table: string
  /** The number of the line with the name, counted from 0. */
  readonly first: number
  /** The number of the line with the closing brace. */
  readonly last: number
}

/** A line of a model that is a field. */
export interface FieldText {
  readonly name: string
  /** With its brackets or question mark. */
  readonly type: string
  /** The name of the column. */
  readonly column: string
}

const MODEL = /^\s*model\s+(\w+)\s*\{/
const FIELD = /^\s*(\w+)\s+(\w+(?:\[\]|\?)?)(?:\s|$)/

export function parseSchema(text: string): SchemaText {
  const lines = text.split('\n')
  const models: ModelText[] = []
  for (const [first, line] of lines.entries()) {
    const name = MODEL.exec(line)?.[1]
    if (name === undefined) continue
    const last = lines.findIndex((candidate, index) => index > first && /^\s*\}/.test(candidate))
    if (last < 0) continue
    const body = lines.slice(first + 1, last)
    models.push({ name, table: readArgument(body, '@@map') ?? name, first, last })
  }
  return { lines, models }
}

/** The provider of the `datasource`, or null if this file has none. */
export function readProvider(text: string): string | null {
  const block = /^\s*datasource\s+\w+\s*\{([^}]*)\}/m.exec(text)?.[1]
  return block === undefined ? null : (/^\s*provider\s*=\s*"([^"]*)"/m.exec(block)?.[1] ?? null)
}

export function parseField(line: string): FieldText | null {
  const [, name, type] = FIELD.exec(line) ?? []
  if (name === undefined || type === undefined || line.trimStart().startsWith('//')) return null
  return { name, type, column: readArgument([line], '@map') ?? name }
}

/** The text in `@map("…")`, wherever it stands. */
function readArgument(lines: readonly string[], attribute: string): string | null {
  const pattern = new RegExp(`(?<!@)${attribute}\\(\\s*(?:name:\\s*)?"([^"]*)"`)
  const code = lines.filter((line) => !line.trimStart().startsWith('//'))
  return code.map((line) => pattern.exec(line)?.[1]).find((argument) => argument !== undefined) ?? null
}

/** Without the white space, in which formatters differ. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, '')
}
