import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import type { Service } from '../../../kysely/test/services.ts'

/** The address of a schema of its own, the only one on the search path. */
export interface Schema {
  readonly name: string
  readonly url: string
  readonly drop: () => Promise<void>
}

export async function createSchema({ url }: Service): Promise<Schema> {
  const name = `latchkey_${randomBytes(6).toString('hex')}`
  await administer(url, `create schema ${name}`)
  const address = new URL(url)
  address.searchParams.set('options', `-c search_path=${name}`)
  return { name, url: address.href, drop: () => administer(url, `drop schema ${name} cascade`) }
}

/** A database of its own, for tools that look at all of it. */
export async function createDatabase({ url }: Service): Promise<Schema> {
  const name = `latchkey_${randomBytes(6).toString('hex')}`
  await administer(url, `create database ${name}`)
  const address = new URL(url)
  address.pathname = name
  return { name, url: address.href, drop: () => administer(url, `drop database ${name} with (force)`) }
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  await client.query(statement)
  await client.end()
}
