/**
 * For authors of stores: `@latchkey/core/store`. What a store implements besides `Adapter`, to keep the tables of plug-ins.
 */

export { keyedTexts } from './tables/cells.ts'
export type {
  Bounds,
  Cell,
  CellCondition,
  Cells,
  Conditions,
  DriverQuery,
  StoredRow,
  TableDriver,
} from './tables/driver.ts'
export { columnName, tableName } from './tables/table-name.ts'
export { createTableStore } from './tables/table-store.ts'
