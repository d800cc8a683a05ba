import { drizzle } from 'drizzle-orm/d1'
import { describeDriver } from './support/contract.ts'
import { createFakeD1 } from './support/fake-d1.ts'
import { createFolder } from './support/file.ts'
import type { Opened } from './support/open.ts'

async function open(): Promise<Opened> {
  const { file, remove } = await createFolder()
  const client = createFakeD1(file)
  return {
    // Drizzle's type asks for all of a D1 database; it uses what is here.
    db: drizzle(client as never),
    drop: async () => {
      client.end()
      await remove()
    },
  }
}

describeDriver('Drizzle with Cloudflare D1', open)
