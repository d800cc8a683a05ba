import { randomBytes } from 'node:crypto'
import { createConnection } from 'mysql2/promise'
import type { Service } from '../../../kysely/test/services.ts'
import type { Schema } from './postgres.ts'

/** A database of its own. */
export async function createMariadbDatabase({ url }: Service): Promise<Schema> {
  const name = `latchkey_${randomBytes(6).toString('hex')}`
  await administer(url, `create database ${name}`)
  const address = new URL(url)
  address.pathname = name
  return { name, url: address.href, drop: () => administer(url, `drop database ${name}`) }
}

async function administer(url: string, statement: string): Promise<void> {
  const connection = await createConnection(url)
  await connection.query(statement)
  await connection.end()
}
