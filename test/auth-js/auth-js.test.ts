import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeWith, findPostgres } from '../../packages/kysely/test/services.ts'
import { installApp, RegistryUnreachable } from '../consumer/support/install.ts'
import { packPackages } from '../consumer/support/pack.ts'
import { run } from '../consumer/support/run.ts'

// Auth.js's own adapters, as an app has them that comes from there: installed beside the packed packages, without install scripts.
const VERSIONS = {
  '@auth/core': '0.41.3',
  '@auth/drizzle-adapter': '1.11.3',
  '@auth/kysely-adapter': '1.11.2',
  '@auth/pg-adapter': '1.11.3',
  '@auth/prisma-adapter': '2.11.3',
  '@libsql/client': '0.18.0',
  '@types/node': '20.19.39',
  '@types/pg': '8.20.0',
  'drizzle-orm': '0.45.4',
  kysely: '0.28.17',
  libsql: '0.5.29',
  pg: '8.22.0',
  typescript: '7.0.2',
  zod: '4.6.7',
}

const root = mkdtempSync(join(tmpdir(), 'latchkey-auth-js-'))
const app = join(root, 'app')
let unreachable: RegistryUnreachable | null = null

beforeAll(async () => {
  try {
    await installApp(app, join(import.meta.dirname, 'app'), await packPackages(join(root, 'packed')), VERSIONS)
  } catch (error) {
    if (!(error instanceof RegistryUnreachable) || process.env.REQUIRE_SERVICES === '1') throw error
    unreachable = error
    console.warn(`SKIPPED: Auth.js's adapters: npm's registry can't be reached\n${error.message}`)
    return
  }
  compiled = await run(process.execPath, [join(app, 'node_modules/typescript/bin/tsc'), '-p', '.'], app)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))
let compiled: Awaited<ReturnType<typeof run>> | undefined

test('M34 an adapter of Auth.js (Kysely, Drizzle, pg, Prisma) compiles as `adapter`', ({ skip }) => {
  skip(unreachable !== null, 'the registry is out of reach')
  expect(compiled).toEqual({ code: 0, text: '' })
})

/** What both strategies can do with any of them. */
const EITHER = {
  signIn: [200, null],
  session: true,
  signOut: [200, null],
  afterwards: null,
  // No half-made row is in the way when the app makes the user.
  missingRow: false,
  madeThen: [200, null],
  warned: true,
  tokens: [200, 'string'],
  refresh: [200, true],
  deleted: [401, 'SessionRevoked'],
}
const EXPECTED = {
  // As with Auth.js: the cookie holds everything, and needs no row.
  jwt: { ...EITHER, missing: [200, null], missingSession: true },
  database: { ...EITHER, missing: [500, 'Configuration'], missingSession: false },
}

async function journey(store: string, where: string): Promise<unknown> {
  const { code, text } = await run(process.execPath, ['out/journey.js', store, where], app)
  if (code !== 0) throw new Error(text)
  return JSON.parse(text)
}

describe('M34 sessions, tokens and missing users with an adapter of Auth.js', () => {
  test.for(['kysely on sqlite', 'drizzle on sqlite'])('%s', async (store, { skip }) => {
    skip(unreachable !== null, 'the registry is out of reach')
    expect(await journey(store, join(root, `${store}.db`))).toEqual(EXPECTED)
  })
})

const postgres = await findPostgres()
describeWith(postgres, 'M34 the same on PostgreSQL', () => {
  test.for(['kysely on postgres', 'drizzle on postgres', 'pg on postgres'])('%s', async (store, { skip }) => {
    skip(unreachable !== null, 'the registry is out of reach')
    const address = new URL(postgres.url)
    const schema = `latchkey_${randomBytes(6).toString('hex')}`
    address.searchParams.set('options', `-c search_path=${schema}`)
    await administer(`create schema ${schema}`)
    try {
      expect(await journey(store, address.href)).toEqual(EXPECTED)
    } finally {
      await administer(`drop schema ${schema} cascade`)
    }
  })
})

async function administer(statement: string): Promise<void> {
  const { Client } = await import('pg')
  const client = new Client(postgres.url)
  await client.connect()
  await client.query(statement)
  await client.end()
}
