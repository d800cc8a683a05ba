import { createConnection } from 'mysql2/promise'
import Database from 'libsql'
import { Client } from 'pg'
import type { TestDatabase } from './database.ts'

/** Another connection that holds a lock until it is told to let go. */
export interface Holder {
  readonly release: () => Promise<void>
}

/** What can be held. */
export type LockName = 'the row' | 'the table'

/** Locks with a transaction that changes nothing: when it ends, the row is as it was. */
export async function holdLock({ address: [dialect, url] }: TestDatabase, lock: LockName): Promise<Holder> {
  if (dialect === 'sqlite') return holdSqlite(url)
  const connection = dialect === 'postgres' ? await openPostgres(url) : await openMysql(url)
  for (const statement of STATEMENTS[dialect][lock]) await connection.run(statement)
  return {
    release: async () => {
      await connection.run(dialect === 'mysql' ? 'unlock tables' : 'rollback')
      await connection.end()
    },
  }
}

const STATEMENTS = {
  postgres: {
    'the row': ['begin', 'select * from sessions for update'],
    'the table': ['begin', 'lock table sessions in access exclusive mode'],
  },
  mysql: {
    'the row': ['begin', 'select * from sessions for update'],
    'the table': ['lock tables sessions write'],
  },
} satisfies Record<string, Record<LockName, readonly string[]>>

async function openPostgres(url: string) {
  const client = new Client(url)
  await client.connect()
  return { run: (statement: string) => client.query(statement), end: () => client.end() }
}

async function openMysql(url: string) {
  const connection = await createConnection(url)
  return { run: (statement: string) => connection.query(statement), end: () => connection.end() }
}

/** SQLite has one lock: that of the file. */
function holdSqlite(file: string): Holder {
  const database = new Database(file)
  database.exec('begin immediate')
  return {
    release: async () => {
      database.exec('rollback')
      database.close()
    },
  }
}
