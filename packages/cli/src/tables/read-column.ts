import { type ColumnDefinitionNode, DataTypeNode, RawNode, type TableNode, ValueNode } from 'kysely'
import type { ColumnShape } from './shape.ts'

export function readColumn(node: ColumnDefinitionNode): ColumnShape {
  return {
    name: node.column.column.name,
    type: typeOf(node),
    isNullable: !node.notNull && !node.primaryKey,
    defaultTo: defaultOf(node),
  }
}

/** @throws Error for a table of another schema, which needs more of Prisma than a model */
export function tableNameOf({ table }: TableNode): string {
  if (table.schema) throw new Error(`the table ${table.schema.name}.${table.identifier.name} is in a schema of its own`)
  return table.identifier.name
}

/** The table that a column refers to beside its type, or null. */
export function readReference({ references }: ColumnDefinitionNode): string | null {
  return references ? tableNameOf(references.table) : null
}

/** One space between words. */
export function textOf(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim()
}

function typeOf({ column, dataType }: ColumnDefinitionNode): string {
  if (DataTypeNode.is(dataType)) return dataType.dataType
  if (RawNode.is(dataType) && dataType.parameters.length === 0) return textOf(dataType.sqlFragments.join(''))
  throw new Error(`the type of the column ${column.column.name} is unknown here`)
}

function defaultOf({ column, defaultTo }: ColumnDefinitionNode): string | number | null {
  if (!defaultTo) return null
  const value = ValueNode.is(defaultTo.defaultValue) ? defaultTo.defaultValue.value : undefined
  if (typeof value === 'string' || typeof value === 'number') return value
  throw new Error(`the default of the column ${column.column.name} is unknown here`)
}
