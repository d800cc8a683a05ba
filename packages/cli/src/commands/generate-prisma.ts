import { CommandError } from '../command-error.ts'
import { readPlugins } from '../plugins/read-plugins.ts'
import { mergeSchema } from '../prisma/merge-schema.ts'
import { toModels } from '../prisma/model.ts'
import { readSchemaFiles, type SchemaFiles, writeSchemaFiles } from '../prisma/schema-files.ts'
import { readProvider } from '../prisma/schema-text.ts'
import { readTables } from '../tables/read-tables.ts'
import { type Provider, recordMigrations } from '../tables/record.ts'
import type { TableShape } from '../tables/shape.ts'
import type { Terminal } from './terminal.ts'

/** The options of the command, as they were typed. */
export interface GenerateOptions {
  readonly schema?: string | undefined
  readonly provider?: string | undefined
  readonly plugins?: string | undefined
  readonly tables?: string | undefined
  readonly check?: boolean | undefined
}

/**
 * Writes the models of Latchkey's tables into the Prisma schema of an app.
 *
 * @returns 1 if `check` is on and something would be written, else 0
 */
export async function generatePrisma(options: GenerateOptions, { cwd, print }: Terminal): Promise<number> {
  const found = await readSchemaFiles(cwd, options.schema)
  const provider = toProvider(options.provider ?? providerOf(found))
  const plugins = await readPlugins(cwd, options.plugins)
  const statements = await recordMigrations({ provider, plugins, tables: readNames(options.tables) })
  const models = toModels(provider, readTables(statements).toSorted(byImportance))
  const merged = mergeSchema(found.files, models, found.target)
  if (options.check === true) return check(found, merged, print)
  const written = await writeSchemaFiles(cwd, found.files, merged)
  print(
    written.length > 0 ? `wrote ${written.join(', ')}: ${models.length} models` : 'the schema has all models already',
  )
  return 0
}

/** The lists of migrations come last: nobody reads them. */
function byImportance(a: TableShape, b: TableShape): number {
  return Number(isHistory(a)) - Number(isHistory(b))
}

function isHistory({ name }: TableShape): boolean {
  return name.startsWith('latchkey_migration')
}

function check({ files }: SchemaFiles, merged: SchemaFiles['files'], print: Terminal['print']): number {
  const isSame = merged.every(({ path, text }) => files.find((file) => file.path === path)?.text === text)
  print(isSame ? 'the schema has all models' : 'the schema lacks something: run latchkey generate prisma')
  return isSame ? 0 : 1
}

function providerOf({ files }: SchemaFiles): string {
  const provider = files.map(({ text }) => readProvider(text)).find((found) => found !== null)
  if (provider !== undefined && provider !== null) return provider
  throw new CommandError('the schema has no datasource. Say which database it is for: --provider postgresql')
}

function toProvider(provider: string): Provider {
  if (provider === 'postgresql' || provider === 'mysql' || provider === 'sqlite') return provider
  if (provider === 'postgres') return 'postgresql'
  throw new CommandError(`the provider ${provider} is not supported: use postgresql, mysql or sqlite`)
}

/** `users=people,sessions=logins`: the option `tables` of the adapter, which is checked where it is used. */
function readNames(option: string | undefined): Readonly<Record<string, string>> {
  const pairs = (option ?? '').split(',').filter((pair) => pair !== '')
  return Object.fromEntries(pairs.map((pair) => pair.split('=').map((name) => name.trim())))
}
