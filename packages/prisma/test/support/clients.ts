import { createRequire } from 'node:module'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { Service } from '../../../kysely/test/services.ts'
import type { PrismaClientLike, PrismaProvider } from '../../src/index.ts'

export interface TestClient extends PrismaClientLike {
  $disconnect(): Promise<void>
  $transaction<T>(run: (tx: PrismaClientLike) => Promise<T>): Promise<T>
  $extends(extension: object): TestClient
}

/** Says whether Prisma could be installed. */
export const installed: Service = {
  name: 'Prisma',
  url: 'package://prisma',
  isReachable: inject('prismaFolder') !== null,
}

/** A client on a database: `url` is a path on SQLite. */
export function openClient(provider: PrismaProvider, url: string, options: object = {}): TestClient {
  const folder = inject('prismaFolder')
  if (folder === null) throw new Error('Prisma is not installed')
  const load = createRequire(join(folder, 'package.json'))
  const { PrismaClient } = load(`./client-${provider}`)
  return new PrismaClient({ adapter: openAdapter(load, provider, url), ...options })
}

function openAdapter(load: NodeJS.Require, provider: PrismaProvider, url: string): unknown {
  switch (provider) {
    case 'postgresql': {
      const { PrismaPg } = load('@prisma/adapter-pg')
      return new PrismaPg({ connectionString: url })
    }
    case 'mysql': {
      const { PrismaMariaDb } = load('@prisma/adapter-mariadb')
      return new PrismaMariaDb(url.replace(/^mysql:/, 'mariadb:'))
    }
    case 'sqlite': {
      const { PrismaLibSql } = load('@prisma/adapter-libsql')
      return new PrismaLibSql({ url: `file:${url}` })
    }
  }
}
