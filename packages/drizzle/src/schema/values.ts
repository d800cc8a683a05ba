import type { ColumnKind } from './shape.ts'

/** How a value of a column is read and written. */
export interface Conversion {
  readonly toDriver?: (value: unknown) => unknown
  readonly fromDriver?: (value: unknown) => unknown
}

/** The same in every database: an instant is a Date, JSON is parsed, and a 64-bit integer is a number. */
export function conversionOf(kind: ColumnKind): Conversion {
  switch (kind) {
    case 'instant':
      return {
        toDriver: (value) => (value instanceof Date ? value.getTime() : value),
        fromDriver: (value) => new Date(Number(value)),
      }
    case 'bigint':
    case 'integer':
      return { fromDriver: Number }
    case 'boolean':
      return { fromDriver: (value) => value === true || Number(value) === 1 }
    case 'json':
      return {
        toDriver: (value) => JSON.stringify(value),
        fromDriver: (value): unknown => (typeof value === 'string' ? JSON.parse(value) : value),
      }
    case 'name':
    case 'key':
    case 'text':
    case 'long':
    case 'label':
      return {}
  }
}
