import Database from 'libsql'
import { describeDriver } from './support/contract.ts'
import { createFolder } from './support/file.ts'
import type { Opened } from './support/open.ts'

async function open(): Promise<Opened> {
  const { file, remove } = await createFolder()
  const client = new Database(file)
  // What `drizzle-orm/better-sqlite3` returns for it; that module itself imports better-sqlite3, which is not installed here.
  return {
    db: { $client: client },
    drop: async () => {
      client.close()
      await remove()
    },
  }
}

describeDriver('Drizzle with libsql', open)
