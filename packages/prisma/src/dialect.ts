import {
  type Dialect,
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
import type { PrismaClientLike, PrismaProvider } from './client.ts'
import { createPrismaDriver } from './driver.ts'

/** Kysely's own dialect of the database, on the connections of a Prisma client. */
export function prismaDialect(prisma: PrismaClientLike, provider: PrismaProvider): Dialect {
  return { ...DIALECTS[provider], createDriver: () => createPrismaDriver(prisma, provider) }
}

/** Prisma gives out connections by itself. */
class PooledSqliteAdapter extends SqliteAdapter {
  get supportsMultipleConnections(): boolean {
    return true
  }
}

const DIALECTS: Readonly<Record<PrismaProvider, Omit<Dialect, 'createDriver'>>> = {
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
    createAdapter: () => new PooledSqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
}
