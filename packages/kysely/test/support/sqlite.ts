import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, type KyselyPlugin } from 'kysely'
import Database from 'libsql'
import { sqliteDialect } from '../../src/index.ts'
import type { Db, TestDatabase } from './database.ts'

/** A file in a folder of its own. */
export async function createSqlite(plugins: readonly KyselyPlugin[] = []): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-'))
  const file = join(folder, 'app.db')
  const open: Db[] = []
  return {
    address: ['sqlite', file],
    connect: (log) => {
      const db: Db = new Kysely({ dialect: sqliteDialect(new Database(file)), plugins: [...plugins], log: log ?? [] })
      open.push(db)
      return db
    },
    drop: async () => {
      for (const db of open) await db.destroy()
      await rm(folder, { recursive: true })
    },
  }
}
