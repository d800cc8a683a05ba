import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Database from 'libsql'
import type { createPool } from 'mysql2'
import { Pool } from 'pg'
import type { TestDatabase } from '../../packages/kysely/test/support/database.ts'
import { installPackages } from '../consumer/support/install.ts'

/** better-auth itself, as an app has it that comes from there. */
const VERSIONS = { 'better-auth': '1.7.25', kysely: '0.28.18', mysql2: '3.24.0', pg: '8.23.1' }

export const SECRET = 'better-auth-secret-of-the-old-app-0123456789'
export const COOKIE = 'better-auth.session_token'
export const ORIGIN = 'http://app.test'

/** What is used of better-auth's instance. It is installed while the test runs, so its types aren't here. */
interface BetterAuth {
  readonly handler: (request: Request) => Promise<Response>
  readonly $context: Promise<{
    readonly internalAdapter: {
      readonly linkAccount: (account: object) => Promise<unknown>
      readonly findAccounts: (
        userId: string,
      ) => Promise<readonly { readonly providerId: string; readonly accountId: string }[]>
      readonly updateUser: (id: string, data: object) => Promise<unknown>
    }
  }>
}

/** An app on better-auth. */
export interface OldApp {
  readonly auth: BetterAuth
  /** Signs up, and returns the cookie that the browser has then. */
  readonly signUp: (email: string, password: string) => Promise<{ readonly id: string; readonly cookie: string }>
  /** The cookie; null: refused. */
  readonly signIn: (email: string, password: string) => Promise<string | null>
  readonly signOut: (cookie: string) => Promise<number>
  readonly changePassword: (cookie: string, currentPassword: string, newPassword: string) => Promise<number>
  /** Whose session a cookie stands for. */
  readonly session: (cookie: string) => Promise<{ readonly id: string; readonly name: string } | null>
  readonly close: () => Promise<unknown>
}

export interface BetterAuthPackage {
  /** Makes the tables by better-auth's own migrations. */
  readonly open: (database: TestDatabase) => Promise<OldApp>
  readonly remove: () => void
}

/** @throws RegistryUnreachable */
export async function installBetterAuth(): Promise<BetterAuthPackage> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-better-auth-'))
  await installPackages(folder, [], VERSIONS)
  const load = async (path: string) =>
    import(/* @vite-ignore */ pathToFileURL(join(folder, 'node_modules', path)).href) as Promise<
      Record<string, unknown>
    >
  return {
    open: (database) => openOldApp(load, database),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

type Load = (path: string) => Promise<Record<string, unknown>>

async function openOldApp(load: Load, database: TestDatabase): Promise<OldApp> {
  const { betterAuth } = (await load('better-auth/dist/index.mjs')) as { betterAuth: (options: object) => BetterAuth }
  const { getMigrations } = (await load('better-auth/dist/db/get-migration.mjs')) as {
    getMigrations: (options: object) => Promise<{ runMigrations: () => Promise<void> }>
  }
  const { connection, close } = await connect(load, database)
  const options = {
    secret: SECRET,
    baseURL: ORIGIN,
    database: connection,
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
  }
  await (await getMigrations(options)).runMigrations()
  const auth = betterAuth(options)
  const post = (path: string, body: object, cookie?: string) =>
    auth.handler(
      new Request(`${ORIGIN}/api/auth${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          origin: ORIGIN,
          ...(cookie && { cookie: `${COOKIE}=${cookie}` }),
        },
        body: JSON.stringify(body),
      }),
    )
  return {
    auth,
    close,
    signUp: async (email, password) => {
      const response = await post('/sign-up/email', { email, password, name: 'Ann' })
      const { user } = (await response.json()) as { user: { id: string } }
      return { id: user.id, cookie: readCookie(response) ?? '' }
    },
    signIn: async (email, password) => readCookie(await post('/sign-in/email', { email, password })),
    signOut: async (cookie) => (await post('/sign-out', {}, cookie)).status,
    changePassword: async (cookie, currentPassword, newPassword) =>
      (await post('/change-password', { currentPassword, newPassword }, cookie)).status,
    session: async (cookie) => {
      const request = new Request(`${ORIGIN}/api/auth/get-session`, { headers: { cookie: `${COOKIE}=${cookie}` } })
      const found = (await (await auth.handler(request)).json()) as { user: { id: string; name: string } } | null
      return found && { id: found.user.id, name: found.user.name }
    },
  }
}

async function connect(
  load: Load,
  database: TestDatabase,
): Promise<{ connection: unknown; close: () => Promise<unknown> }> {
  const [dialect, url] = database.address
  if (dialect === 'postgres') {
    const pool = new Pool({ connectionString: url })
    return { connection: pool, close: () => pool.end() }
  }
  if (dialect === 'mysql') {
    const { createPool: create } = (await load('mysql2/promise.js')) as { createPool: typeof createPool }
    const pool = create({ uri: url, timezone: 'Z' })
    return { connection: pool, close: async () => pool.end() }
  }
  const kysely = (await load('kysely/dist/esm/index.js')) as { SqliteDialect: new (config: object) => unknown }
  const file = new Database(url)
  const dialectOfKysely = new kysely.SqliteDialect({ database: file })
  return { connection: { dialect: dialectOfKysely, type: 'sqlite' }, close: async () => file.close() }
}

function readCookie(response: Response): string | null {
  const header = response.headers.getSetCookie().find((cookie) => cookie.startsWith(`${COOKIE}=`))
  return header?.slice(COOKIE.length + 1).split(';')[0] ?? null
}
