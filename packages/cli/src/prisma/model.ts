import type { Provider } from '../tables/record.ts'
import type { ColumnShape, ForeignKeyShape, IndexShape, TableShape } from '../tables/shape.ts'
import { toColumnType } from './column-type.ts'
import { capitalise, fieldName } from './names.ts'

/** A model of Prisma, as far as Latchkey says what is in it. */
export interface Model {
  readonly table: string
  readonly columns: readonly ColumnField[]
  readonly relations: readonly RelationField[]
  /** The other ends of relations: lists. */
  readonly lists: readonly ListField[]
  /** Names of columns in the place of fields: a schema may have other names for the fields. */
  readonly blocks: readonly BlockAttribute[]
}

export interface ColumnField {
  readonly column: string
  readonly name: string
  /** With its question mark. */
  readonly type: string
  readonly attributes: readonly string[]
}

/** A field that stands for the row to which a column refers. */
export interface RelationField {
  readonly name: string
  readonly column: string
  /** The table that is referred to. */
  readonly table: string
  readonly isOptional: boolean
  /** The constraint's name, if Prisma takes one. */
  readonly map: string | null
  /** Tells two relations between the same models apart. */
  readonly label: string | null
}

export interface ListField {
  readonly name: string
  /** The table whose rows they are. */
  readonly table: string
  readonly label: string | null
}

/** `@@id`, `@@unique` or `@@index`. */
export interface BlockAttribute {
  readonly kind: 'id' | 'unique' | 'index'
  readonly columns: readonly string[]
  readonly map: string | null
}

/** The models of the tables, with the relations between them. */
export function toModels(provider: Provider, tables: readonly TableShape[]): readonly Model[] {
  return tables.map((table) => ({
    table: table.name,
    columns: table.columns.map((column) => toColumnField(provider, table, column)),
    relations: table.foreignKeys.map((key) => toRelation(provider, table, key)),
    lists: tables.flatMap((other) => toLists(other, table.name)),
    blocks: toBlocks(provider, table),
  }))
}

function toColumnField(provider: Provider, { foreignKeys, primaryKey }: TableShape, column: ColumnShape): ColumnField {
  const refers = foreignKeys.some((key) => key.column === column.name)
  const name = refers ? `${relationName(column.name)}Id` : fieldName(column.name)
  const { type, native } = toColumnType(provider, column)
  const attributes = [
    primaryKey.length === 1 && primaryKey[0] === column.name ? '@id' : null,
    column.defaultTo === null ? null : `@default(${JSON.stringify(column.defaultTo)})`,
    name === column.name ? null : `@map(${JSON.stringify(column.name)})`,
    native,
  ]
  return {
    column: column.name,
    name,
    type: column.isNullable ? `${type}?` : type,
    attributes: attributes.filter((attribute) => attribute !== null),
  }
}

/** `user` for `user_id`: the row, not its id. */
function relationName(column: string): string {
  return fieldName(column.replace(/_id$/, ''))
}

function toRelation(provider: Provider, table: TableShape, key: ForeignKeyShape): RelationField {
  return {
    name: relationName(key.column),
    column: key.column,
    table: key.table,
    isOptional: table.columns.find(({ name }) => name === key.column)?.isNullable ?? false,
    // SQLite's foreign keys have no names.
    map: provider === 'sqlite' ? null : key.name,
    label: labelOf(table, key),
  }
}

function toLists(table: TableShape, target: string): readonly ListField[] {
  return table.foreignKeys
    .filter((key) => key.table === target)
    .map((key) => {
      const label = labelOf(table, key)
      const name = fieldName(table.name)
      return { name: label === null ? name : name + capitalise(relationName(key.column)), table: table.name, label }
    })
}

function labelOf({ foreignKeys }: TableShape, { name, table }: ForeignKeyShape): string | null {
  return foreignKeys.filter((key) => key.table === table).length > 1 ? name : null
}

function toBlocks(provider: Provider, { name, primaryKey, uniques, indexes }: TableShape): readonly BlockAttribute[] {
  const mapOf = (index: IndexShape, position: number) =>
    provider === 'sqlite' && index.isConstraint ? `sqlite_autoindex_${name}_${position + 2}` : index.name
  return [
    ...(primaryKey.length > 1 ? [{ kind: 'id' as const, columns: primaryKey, map: null }] : []),
    // SQLite numbers the indexes of constraints. The primary key's is the first.
    ...uniques.map((unique, position) => ({
      kind: 'unique' as const,
      columns: unique.columns,
      map: mapOf(unique, position),
    })),
    ...indexes.map(({ columns, name: map }) => ({ kind: 'index' as const, columns, map })),
  ]
}
