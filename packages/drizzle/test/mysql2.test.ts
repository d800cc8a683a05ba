import { drizzle } from 'drizzle-orm/mysql2'
import { createPool } from 'mysql2'
import { createConnection, createPool as createPromisePool } from 'mysql2/promise'
import { describeWith, findMariadb } from '../../kysely/test/services.ts'
import { describeDriver } from './support/contract.ts'
import { createMariadbDatabase } from './support/mariadb.ts'
import type { Opened } from './support/open.ts'

const mariadb = await findMariadb()

async function openWithPromises(): Promise<Opened> {
  const { url, drop } = await createMariadbDatabase(mariadb)
  const pool = createPromisePool(url)
  return {
    db: drizzle(pool),
    drop: async () => {
      await pool.end()
      await drop()
    },
  }
}

async function openWithCallbacks(): Promise<Opened> {
  const { url, drop } = await createMariadbDatabase(mariadb)
  const pool = createPool(url)
  return {
    db: drizzle(pool),
    drop: async () => {
      await pool.promise().end()
      await drop()
    },
  }
}

async function openConnection(): Promise<Opened> {
  const { url, drop } = await createMariadbDatabase(mariadb)
  const connection = await createConnection(url)
  return {
    db: drizzle(connection),
    drop: async () => {
      await connection.end()
      await drop()
    },
  }
}

describeWith(mariadb, 'Drizzle with mysql2', () => {
  describeDriver('Drizzle with a promise pool of mysql2', openWithPromises)
  describeDriver('Drizzle with a callback pool of mysql2', openWithCallbacks)
  describeDriver('Drizzle with a connection of mysql2', openConnection)
})
