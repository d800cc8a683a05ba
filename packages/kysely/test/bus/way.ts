import { Kysely, type KyselyPlugin } from 'kysely'
import { createPool } from 'mysql2'
import { Pool } from 'pg'
import { openProxy } from '../../../redis/test/support/proxy.ts'
import { mysqlDialect, postgresDialect } from '../../src/index.ts'
import type { Db, TestDatabase } from '../support/database.ts'

/** A connection of an instance's own, which can be cut. */
export interface Way {
  readonly db: Db
  readonly cut: () => Promise<void>
  readonly restore: () => Promise<void>
  readonly close: () => Promise<void>
}

export async function openWay(database: TestDatabase): Promise<Way> {
  const [dialect, url] = database.address
  if (dialect === 'sqlite') return openFile(database)
  const address = new URL(url)
  const proxy = await openProxy(Number(address.port))
  address.port = String(proxy.port)
  const db: Db = new Kysely({
    dialect:
      dialect === 'mysql'
        ? mysqlDialect(createPool(address.href))
        : postgresDialect(new Pool({ connectionString: address.href, connectionTimeoutMillis: 2_000 })),
  })
  return {
    db,
    cut: proxy.cut,
    restore: proxy.restore,
    close: async () => {
      await db.destroy()
      await proxy.close()
    },
  }
}

/** There is no way to a file: its statements fail instead. */
function openFile(database: TestDatabase): Way {
  let isCut = false
  const passOn = <T>(value: T): T => {
    if (isCut) throw new Error('disk I/O error, made by the test')
    return value
  }
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => passOn(node),
    transformResult: async ({ result }) => passOn(result),
  }
  return {
    db: database.connect().withPlugin(plugin),
    cut: async () => void (isCut = true),
    restore: async () => void (isCut = false),
    close: async () => {},
  }
}
