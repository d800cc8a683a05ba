import { postgresDialect, sqliteDialect } from '@latchkey/kysely'
import { CamelCasePlugin, type Dialect, Kysely } from 'kysely'
import Database from 'libsql'
import { Pool } from 'pg'
import { env } from './env.ts'

/** What the demo itself asks for; the library's tables and columns are there besides. */
export interface DemoDatabase {
  users: {
    id: string
    name: string | null
    email: string | null
    emailVerified: number | null
    // Named like what they become in a session: under the database strategy they are read from here.
    role: 'member' | 'admin'
    orgId: string | null
  }
  /** The plug-in's. The demo writes the passwords of its first people into it. */
  passwordHashes: { user: string; hash: string; changedAt: number }
  organisations: { id: string; name: string }
  memberships: { userId: string; orgId: string }
  mails: { id: string; to: string; subject: string; text: string; html: string; sentAt: number | string }
}

export const db = new Kysely<DemoDatabase>({
  dialect: openDialect(),
  plugins: [new CamelCasePlugin()],
})

function openDialect(): Dialect {
  const { databaseUrl: connectionString, databaseFile } = env
  if (!connectionString) return sqliteDialect(new Database(databaseFile))
  // Without time limits a call would wait for a silent server as long as the operating system does.
  return postgresDialect(new Pool({ connectionString, connectionTimeoutMillis: 2_000, query_timeout: 10_000 }))
}
