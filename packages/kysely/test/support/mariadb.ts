import { randomBytes } from 'node:crypto'
import { Kysely } from 'kysely'
import { createPool } from 'mysql2'
import { createConnection } from 'mysql2/promise'
import { mysqlDialect } from '../../src/index.ts'
import type { Service } from '../services.ts'
import type { Db, TestDatabase } from './database.ts'

/** A database of its own. */
export async function createMariadb({ url }: Service): Promise<TestDatabase> {
  const name = `latchkey_${randomBytes(6).toString('hex')}`
  await administer(url, `create database ${name}`)
  const address = new URL(url)
  address.pathname = name
  const open: Db[] = []
  return {
    address: ['mysql', address.href],
    connect: (log) => {
      const db: Db = new Kysely({ dialect: mysqlDialect(createPool(address.href)), log: log ?? [] })
      open.push(db)
      return db
    },
    drop: async () => {
      for (const db of open) await db.destroy()
      await administer(url, `drop database ${name}`)
    },
  }
}

async function administer(url: string, statement: string): Promise<void> {
  const connection = await createConnection(url)
  await connection.query(statement)
  await connection.end()
}
