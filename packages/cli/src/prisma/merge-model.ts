import { CommandError } from '../command-error.ts'
import type { BlockAttribute, ColumnField, ListField, Model, RelationField } from './model.ts'
import { type FieldText, parseField, squeeze } from './schema-text.ts'

/** The names that the models of tables have in this schema. */
export type NameOf = (table: string) => string

/**
 * The lines of a model, with what is missing of Latchkey's added and all else left as it is: the app's own fields, their order, comments.
 *
 * @param existing the lines between the braces; none for a new model
 * @throws CommandError if a field is of another type than its column
 */
export function mergeModel(model: Model, existing: readonly string[], nameOf: NameOf): readonly string[] {
  const lines = [...existing]
  for (const column of model.columns) mergeColumn(lines, column, nameOf(model.table))
  for (const relation of model.relations) mergeRelation(lines, relation, nameOf)
  for (const list of model.lists) mergeList(lines, list, nameOf)
  for (const block of model.blocks) mergeBlock(lines, toBlockLine(lines, block))
  const name = `@@map(${JSON.stringify(model.table)})`
  if (nameOf(model.table) !== model.table) mergeBlock(lines, name)
  return lines
}

function mergeColumn(lines: string[], { column, name, type, attributes }: ColumnField, model: string): void {
  const index = lines.findIndex((line) => isColumn(parseField(line), column))
  const found = parseField(lines[index] ?? '')
  if (!found) {
    addField(lines, [name, type, ...attributes].join(' '))
    return
  }
  if (found.type !== type)
    throw new CommandError(
      `${model}.${found.name} is ${found.type}, and Latchkey's column ${column} is ${type}. If this is another table, give Latchkey's a name of its own: --tables users=auth_users`,
    )
  const present = squeeze(lines[index] ?? '')
  const missing = attributes.filter(
    (attribute) => !present.includes(squeeze(attribute)) && !attribute.startsWith('@map('),
  )
  if (missing.length > 0) lines[index] = insertBeforeComment(lines[index] ?? '', missing.join(' '))
}

/** A field of a relation has the type of a model, never that of a column. */
function isColumn(field: FieldText | null, column: string): boolean {
  return field !== null && field.column === column && SCALARS.has(field.type.replace('?', ''))
}

const SCALARS: ReadonlySet<string> = new Set([
  ...['String', 'Boolean', 'Int', 'BigInt', 'Float', 'Decimal', 'DateTime', 'Json', 'Bytes'],
])

function mergeRelation(lines: string[], relation: RelationField, nameOf: NameOf): void {
  const field = fieldOf(lines, relation.column)
  const { label, map } = relation
  const parts = [
    ...(label === null ? [] : [JSON.stringify(label)]),
    `fields: [${field}]`,
    'references: [id]',
    'onDelete: Cascade',
    'onUpdate: NoAction',
    ...(map === null ? [] : [`map: ${JSON.stringify(map)}`]),
  ]
  const attribute = `@relation(${parts.join(', ')})`
  const index = lines.findIndex((line) => squeeze(line).includes(`fields:[${field}]`) && line.includes('@relation'))
  if (index < 0) {
    const type = nameOf(relation.table) + (relation.isOptional ? '?' : '')
    addField(lines, `${relation.name} ${type} ${attribute}`)
  } else if (!parts.every((part) => squeeze(lines[index] ?? '').includes(squeeze(part)))) {
    lines[index] = (lines[index] ?? '').replace(/@relation\([^)]*\)/, attribute)
  }
}

function mergeList(lines: string[], { name, table, label }: ListField, nameOf: NameOf): void {
  const type = `${nameOf(table)}[]`
  const relation = label === null ? '' : `@relation(${JSON.stringify(label)})`
  const isThere = lines.some((line) => parseField(line)?.type === type && squeeze(line).includes(squeeze(relation)))
  if (!isThere) addField(lines, `${name} ${type} ${relation}`.trimEnd())
}

function toBlockLine(lines: readonly string[], { kind, columns, map }: BlockAttribute): string {
  const fields = `[${columns.map((column) => fieldOf(lines, column)).join(', ')}]`
  return `@@${kind}(${fields}${map === null ? '' : `, map: ${JSON.stringify(map)}`})`
}

/** What a column's field is called here. */
function fieldOf(lines: readonly string[], column: string): string {
  return lines.map(parseField).find((field) => isColumn(field, column))?.name ?? column
}

/** A line for an index of this name that has other columns is replaced. */
function mergeBlock(lines: string[], attribute: string): void {
  if (lines.some((line) => squeeze(line).startsWith(squeeze(attribute)))) return
  const map = /map: ("[^"]*")/.exec(attribute)?.[1]
  const index = map === undefined ? -1 : lines.findIndex((line) => squeeze(line).startsWith('@@') && line.includes(map))
  if (index >= 0) lines[index] = `  ${attribute}`
  else lines.push(...(lines.some(isBlockAttribute) ? [] : ['']), `  ${attribute}`)
}

function isBlockAttribute(line: string): boolean {
  return line.trimStart().startsWith('@@')
}

/** After the last field. */
function addField(lines: string[], text: string): void {
  const last = lines.findLastIndex((line) => parseField(line) !== null)
  lines.splice(last + 1, 0, `  ${text}`)
}

function insertBeforeComment(line: string, text: string): string {
  const [, code = line, comment = ''] = /^(.*?)(\s*\/\/.*)?$/.exec(line) ?? []
  return `${code.trimEnd()} ${text}${comment}`
}
