export { migrateToLatest } from './migrations/migrate-to-latest.ts'
export type { MigrateOptions } from './migrations/migrate-to-latest.ts'
export { migrations, migrationsFor } from './migrations/record.ts'
export type { Migration } from './migrations/record.ts'
