import { createClient } from '@libsql/client'
import { drizzle } from 'drizzle-orm/libsql'
import { describeDriver } from './support/contract.ts'
import { createFolder } from './support/file.ts'
import type { Opened } from './support/open.ts'

async function open(intMode: 'number' | 'bigint'): Promise<Opened> {
  const { file, remove } = await createFolder()
  const client = createClient({ url: `file:${file}`, intMode })
  return {
    db: drizzle(client),
    drop: async () => {
      client.close()
      await remove()
    },
  }
}

describeDriver('Drizzle with @libsql/client', () => open('number'))
describeDriver('Drizzle with @libsql/client that reads bigints', () => open('bigint'))
