import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createAuth, credentials, memoryAdapter, type SessionBus } from '@latchkey/core'
import { Pool } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { readBlocks } from '../docs/support/blocks.ts'
import { ROOT } from '../docs/support/pages.ts'

// The bus of docs/database.md, as it stands there, between two instances.

const FOLDER = join(ROOT, 'test/bus/compiled')
const CONNECTION = 'postgres://root@127.0.0.1:5432/postgres'
const pool = new Pool({ connectionString: CONNECTION })
const opened: { readonly close: () => Promise<void> }[] = []

afterAll(async () => {
  await Promise.all(opened.map(({ close }) => close()))
  rmSync(FOLDER, { recursive: true, force: true })
  await pool.end()
})

const hasPostgres = (await answers(5432)) || process.env.REQUIRE_SERVICES === '1'
if (!hasPostgres)
  console.warn('SKIPPED: PostgreSQL is not on 127.0.0.1:5432, so the bus of docs/database.md is not tried')

test.skipIf(!hasPostgres)(
  'M45 over the bus of docs/database.md a sign-out in one instance is known in another',
  async () => {
    const adapter = memoryAdapter()
    const [here, there] = [createInstance(adapter, await openBus()), createInstance(adapter, await openBus())]
    // A channel is listened to as soon as its connection stands: a sign-out before that arrives later.
    await expect.poll(countListeners).toBeGreaterThanOrEqual(2)

    const cookie = await signIn(here)
    expect(await isSignedIn(there, cookie)).toBe(true)
    await send(here, '/auth/signout', cookie)
    expect(await isSignedIn(here, cookie)).toBe(false)
    await expect.poll(() => isSignedIn(there, cookie)).toBe(false)
  },
)

async function openBus(): Promise<SessionBus> {
  const block = readBlocks('docs/database.md').find(({ file }) => file === 'server/bus.ts')
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(join(FOLDER, 'bus.ts'), block?.code ?? '')
  const { createPostgresBus } = await import(join(FOLDER, 'bus.ts'))
  return createPostgresBus(pool, CONNECTION)
}

async function countListeners(): Promise<number> {
  const { rows } = await pool.query(`select 1 from pg_stat_activity where query like 'listen latchkey_sessions%'`)
  return rows.length
}

/** One server of several: jwt sessions, so that it asks its store about them only every five minutes. */
function createInstance(adapter: ReturnType<typeof memoryAdapter>, bus: SessionBus) {
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    adapter,
    bus,
    providers: [
      credentials({
        input: z.object({ email: z.string() }),
        identify: ({ email }) => email,
        authorize: ({ email }) => ({ id: email, email }),
      }),
    ],
  })
  opened.push(auth)
  return auth
}

type Instance = ReturnType<typeof createInstance>

function send({ handler }: Instance, path: string, cookie = '', body?: object): Promise<Response> {
  const url = `http://localhost:3000${path}`
  const headers = { cookie, origin: 'http://localhost:3000', 'content-type': 'application/json' }
  return handler(
    new Request(url, {
      method: body || path.endsWith('signout') ? 'POST' : 'GET',
      headers,
      ...(body && { body: JSON.stringify(body) }),
    }),
  )
}

async function signIn(instance: Instance): Promise<string> {
  const response = await send(instance, '/auth/signin/credentials', '', { email: 'ada@example.com' })
  expect(response.status).toBe(200)
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')
}

async function isSignedIn(instance: Instance, cookie: string): Promise<boolean> {
  const response = await send(instance, '/auth/session', cookie)
  return (await response.text()).includes('ada@example.com')
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(socket.destroy() && true)).once('error', () => resolve(false))
  })
}
