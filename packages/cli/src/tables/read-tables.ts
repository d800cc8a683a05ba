import {
  AddColumnNode,
  AlterTableNode,
  ColumnNode,
  type CompiledQuery,
  CreateIndexNode,
  CreateTableNode,
  ForeignKeyConstraintNode,
  InsertQueryNode,
  PrimaryKeyConstraintNode,
  RawNode,
  SelectQueryNode,
  UniqueConstraintNode,
} from 'kysely'
import { readColumn, readReference, tableNameOf, textOf } from './read-column.ts'
import type { ColumnShape, ForeignKeyShape, IndexShape, TableShape } from './shape.ts'

/** A table while its statements are read. */
interface Draft extends TableShape {
  readonly columns: ColumnShape[]
  readonly primaryKey: string[]
  readonly uniques: IndexShape[]
  readonly indexes: IndexShape[]
  readonly foreignKeys: ForeignKeyShape[]
}

/**
 * The tables that the statements of the migrations make, in their order. Indexes of expressions are left out: Prisma neither knows nor
 * touches them.
 *
 * @throws Error for a statement that it can't read: better none than half a table
 */
export function readTables(statements: readonly CompiledQuery[]): readonly TableShape[] {
  const drafts = new Map<string, Draft>()
  for (const statement of statements) readStatement(drafts, statement)
  return [...drafts.values()]
}

function readStatement(drafts: Map<string, Draft>, { query, sql }: CompiledQuery): void {
  if (CreateTableNode.is(query)) createTable(drafts, query)
  else if (CreateIndexNode.is(query)) createIndex(drafts, query)
  else if (AlterTableNode.is(query)) alterTable(drafts, query)
  else if (RawNode.is(query) && sql.startsWith('alter table')) alterByText(drafts, sql)
  else if (!isWithoutTables(query, sql)) throw new Error(`a statement of the migrations is unknown here: ${sql}`)
}

/** What the migrations ask, lock and write down. */
function isWithoutTables(query: CompiledQuery['query'], sql: string): boolean {
  if (SelectQueryNode.is(query) || InsertQueryNode.is(query)) return true
  return RawNode.is(query) && /^(?:select|set|do|begin|commit|rollback)\b/.test(sql)
}

function createTable(drafts: Map<string, Draft>, { table, columns, constraints = [] }: CreateTableNode): void {
  const name = tableNameOf(table)
  const draft: Draft = { name, columns: [], primaryKey: [], uniques: [], indexes: [], foreignKeys: [] }
  drafts.set(name, draft)
  for (const node of columns) {
    draft.columns.push(readColumn(node))
    if (node.primaryKey) draft.primaryKey.push(node.column.column.name)
  }
  for (const node of constraints) {
    if (PrimaryKeyConstraintNode.is(node)) draft.primaryKey.push(...node.columns.map(nameOf))
    else if (UniqueConstraintNode.is(node) && node.name)
      draft.uniques.push({ name: node.name.name, columns: node.columns.map(nameOfAny), isConstraint: true })
    else if (ForeignKeyConstraintNode.is(node) && node.name) {
      const [column] = node.columns.map(nameOf)
      if (column !== undefined)
        draft.foreignKeys.push({ name: node.name.name, column, table: tableNameOf(node.references.table) })
    } else throw new Error(`a constraint of the table ${name} is unknown here`)
  }
}

function nameOf({ column }: ColumnNode): string {
  return column.name
}

function nameOfAny(node: UniqueConstraintNode['columns'][number]): string {
  if (ColumnNode.is(node)) return nameOf(node)
  throw new Error('a unique key has something other than columns')
}

function createIndex(drafts: Map<string, Draft>, { table, name, columns = [], unique }: CreateIndexNode): void {
  if (!table || columns.some((column) => !ColumnNode.is(column))) return
  const index = {
    name: name.name,
    columns: columns.filter((column) => ColumnNode.is(column)).map(nameOf),
    isConstraint: false,
  }
  const draft = draftOf(drafts, tableNameOf(table))
  draft[unique ? 'uniques' : 'indexes'].push(index)
}

function alterTable(drafts: Map<string, Draft>, { table, columnAlterations = [] }: AlterTableNode): void {
  const draft = draftOf(drafts, tableNameOf(table))
  for (const alteration of columnAlterations) {
    if (!AddColumnNode.is(alteration))
      throw new Error(`the table ${draft.name} is changed in a way that is unknown here`)
    const column = readColumn(alteration.column)
    draft.columns.push(column)
    const reference = readReference(alteration.column)
    // As PostgreSQL calls it.
    if (reference)
      draft.foreignKeys.push({ name: `${draft.name}_${column.name}_fkey`, column: column.name, table: reference })
  }
}

/** MySQL's columns that came later are added by text, with their foreign key. */
function alterByText(drafts: Map<string, Draft>, sql: string): void {
  const [, table, column, type, key, target] = ADD_COLUMN.exec(sql) ?? []
  if (table === undefined || column === undefined || type === undefined)
    throw new Error(`a statement of the migrations is unknown here: ${sql}`)
  const draft = draftOf(drafts, table)
  draft.columns.push({ name: column, type: textOf(type), isNullable: true, defaultTo: null })
  if (key !== undefined && target !== undefined) draft.foreignKeys.push({ name: key, column, table: target })
}

const ADD_COLUMN =
  /^alter table `([^`]+)` add column `([^`]+)` (.+?) null(?:, add constraint `([^`]+)` foreign key \(`[^`]+`\) references `([^`]+)`.*)?$/s

function draftOf(drafts: Map<string, Draft>, name: string): Draft {
  const draft = drafts.get(name)
  if (!draft) throw new Error(`the table ${name} is changed before it is made`)
  return draft
}
