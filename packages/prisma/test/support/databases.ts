import type { TestDatabase } from '../../../kysely/test/support/database.ts'
import { createMariadb } from '../../../kysely/test/support/mariadb.ts'
import { createPostgres } from '../../../kysely/test/support/postgres.ts'
import { createSqlite } from '../../../kysely/test/support/sqlite.ts'
import { findMariadb, findPostgres, type Service } from '../../../kysely/test/services.ts'
import type { PrismaProvider } from '../../src/index.ts'
import { openClient, type TestClient } from './clients.ts'

/** An empty database of a test's own, which Prisma's clients and a Kysely on another driver open. */
export interface PrismaDatabase {
  readonly database: TestDatabase
  readonly connect: (options?: object) => TestClient
  readonly drop: () => Promise<void>
}

const [postgres, mariadb] = await Promise.all([findPostgres(), findMariadb()])
const sqlite: Service = { name: 'SQLite', url: 'package://libsql', isReachable: true }

/** Every database that a client of Prisma is tested on. */
export const DATABASES: readonly {
  readonly provider: PrismaProvider
  readonly name: string
  readonly service: Service
  readonly create: () => Promise<PrismaDatabase>
}[] = [
  { provider: 'sqlite', name: 'SQLite', service: sqlite, create: () => open('sqlite', createSqlite()) },
  {
    provider: 'postgresql',
    name: 'PostgreSQL',
    service: postgres,
    create: () => open('postgresql', createPostgres(postgres)),
  },
  { provider: 'mysql', name: 'MariaDB', service: mariadb, create: () => open('mysql', createMariadb(mariadb)) },
]

async function open(provider: PrismaProvider, creating: Promise<TestDatabase>): Promise<PrismaDatabase> {
  const database = await creating
  const clients: TestClient[] = []
  return {
    database,
    connect: (options) => {
      const client = openClient(provider, database.address[1], options)
      clients.push(client)
      return client
    },
    drop: async () => {
      for (const client of clients) await client.$disconnect()
      await database.drop()
    },
  }
}
