export { kyselyAdapter, kyselyTables } from './adapter.ts'
export type { KyselyAdapterOptions } from './adapter.ts'
export { busTables } from './bus/polling/message-rows.ts'
export { pollingBus } from './bus/polling/polling-bus.ts'
export type { PollingBusOptions } from './bus/polling/polling-bus.ts'
export type {
  ConnectPostgres,
  PostgresBusClient,
  PostgresBusPool,
  PostgresNotification,
} from './bus/postgres/client.ts'
export { postgresBus } from './bus/postgres/postgres-bus.ts'
export type { PostgresBusOptions } from './bus/postgres/postgres-bus.ts'
export type { AnyKysely } from './database.ts'
export { mysqlDialect } from './dialects/mysql.ts'
export { postgresDialect } from './dialects/postgres.ts'
export type { PostgresDialectOptions, PostgresPoolEvents } from './dialects/postgres.ts'
export { sqliteDialect } from './dialects/sqlite.ts'
export type { SqliteDatabase, SqliteStatement } from './dialects/sqlite/database.ts'
export type { TableNames, TablesOption } from './tables.ts'
