import { CommandError } from '../command-error.ts'
import { alignFields } from './align.ts'
import { mergeModel } from './merge-model.ts'
import type { Model } from './model.ts'
import { modelName } from './names.ts'
import { type ModelText, parseSchema, type SchemaText } from './schema-text.ts'

/** A file of a schema. */
export interface SchemaFile {
  readonly path: string
  readonly text: string
}

const HEADER =
  '// The tables of Latchkey, by `latchkey generate prisma`. Fields of your own may be added, to User above all.'

/**
 * The files with the models in them: those that are there are completed where they stand, the others are added to the end of one file.
 *
 * @param target the path of the file for models that are new; it may be a new file
 * @throws CommandError if the name of a model is taken by one of another table
 */
export function mergeSchema(
  files: readonly SchemaFile[],
  models: readonly Model[],
  target: string,
): readonly SchemaFile[] {
  const parsed = files.map(({ path, text }) => ({ path, schema: parseSchema(text) }))
  const known = parsed.flatMap(({ schema }) => schema.models)
  const nameOf = (table: string) => known.find((model) => model.table === table)?.name ?? freeName(known, table)
  const isKnown = ({ table }: Model) => known.some((model) => model.table === table)
  const merged = parsed.map(({ path, schema }) => ({ path, text: complete(schema, models, nameOf) }))
  const added = models.filter((model) => !isKnown(model)).map((model) => toText(model, nameOf))
  return added.length === 0 ? merged : append(merged, target, added)
}

function freeName(known: readonly ModelText[], table: string): string {
  const name = modelName(table)
  const other = known.find((model) => model.name === name)
  if (!other) return name
  throw new CommandError(
    `the schema has a model ${name} of the table ${other.table}, and Latchkey's table ${table} needs one. Add one under a name of your own, and it is completed:\n\nmodel Auth${name} {\n  @@map("${table}")\n}`,
  )
}

/** From the last model to the first, so that the numbers of the lines stay right. */
function complete({ lines, models }: SchemaText, wanted: readonly Model[], nameOf: (table: string) => string): string {
  const result = [...lines]
  for (const { table, first, last } of models.toReversed()) {
    const model = wanted.find((candidate) => candidate.table === table)
    if (model) result.splice(first, last - first + 1, ...bodyOf(lines.slice(first, last + 1), model, nameOf))
  }
  return result.join('\n')
}

function bodyOf(block: readonly string[], model: Model, nameOf: (table: string) => string): readonly string[] {
  return [...block.slice(0, 1), ...mergeModel(model, block.slice(1, -1), nameOf), ...block.slice(-1)]
}

function toText(model: Model, nameOf: (table: string) => string): string {
  const lines = alignFields(mergeModel(model, [], nameOf))
  return [`model ${nameOf(model.table)} {`, ...lines, '}'].join('\n')
}

function append(files: readonly SchemaFile[], target: string, added: readonly string[]): readonly SchemaFile[] {
  const before = files.find(({ path }) => path === target)?.text.trimEnd() ?? ''
  const parts = [before, ...(before.includes(HEADER) ? [] : [HEADER]), ...added].filter((part) => part !== '')
  const file = { path: target, text: `${parts.join('\n\n')}\n` }
  return [...files.filter(({ path }) => path !== target), file]
}
