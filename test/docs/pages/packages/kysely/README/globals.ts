import type { db as dbOfApp } from './server/db.ts'
import type { Tables as TablesOfApp } from './server/tables.ts'

declare global {
  type Tables = TablesOfApp
  const db: typeof dbOfApp
}
