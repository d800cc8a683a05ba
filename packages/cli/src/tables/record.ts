import { migrateToLatest, type PluginTables } from '@latchkey/kysely/migrate'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'

/** The databases, as Prisma calls them. */
export type Provider = 'postgresql' | 'mysql' | 'sqlite'

/** What the tables are made from. */
export interface TablesSource {
  readonly provider: Provider
  readonly plugins: readonly PluginTables[]
  /** Other names for the tables, by their default ones. */
  readonly tables: Readonly<Record<string, string>>
}

/** Runs the migrations on a database that isn't there, and returns their statements in order. */
export async function recordMigrations({ provider, plugins, tables }: TablesSource): Promise<readonly CompiledQuery[]> {
  const statements: CompiledQuery[] = []
  const db = new Kysely<unknown>({
    dialect: { ...DIALECTS[provider], createDriver: () => createRecorder(statements) },
  })
  await migrateToLatest(db, { plugins, tables })
  return statements
}

function createRecorder(statements: CompiledQuery[]): Driver {
  const nothing = async () => {}
  const connection: DatabaseConnection = {
    executeQuery: async (statement) => {
      statements.push(statement)
      // What MySQL's lock returns once it is taken; nobody else reads a row of an empty database.
      return { rows: /\bget_lock\(/.test(statement.sql) ? [{ taken: 1 } as never] : [] }
    },
    streamQuery: async function* () {},
  }
  return {
    init: nothing,
    acquireConnection: async () => connection,
    beginTransaction: nothing,
    commitTransaction: nothing,
    rollbackTransaction: nothing,
    releaseConnection: nothing,
    destroy: nothing,
  }
}

const DIALECTS: Readonly<Record<Provider, Omit<Dialect, 'createDriver'>>> = {
  postgresql: {
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
  mysql: {
    createAdapter: () => new MysqlAdapter(),
    createIntrospector: (db) => new MysqlIntrospector(db),
    createQueryCompiler: () => new MysqlQueryCompiler(),
  },
  sqlite: {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
}
