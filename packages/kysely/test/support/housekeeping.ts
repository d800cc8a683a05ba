import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { instant, integer, table, text, user } from '@latchkey/core'
import { sql } from 'kysely'
import { inject } from 'vitest'
import type { Db, TestDatabase } from './database.ts'

/** A table of a plug-in, whose rows expire. */
export const rows = table(
  { id: text(), owner: user(), kind: text(), count: integer(), until: instant() },
  { unique: [['id']], expires: 'until' },
)
export const PLUGIN = { id: 'one', tables: { rows } }

export const PAST = Date.parse('2020-01-01')
export const FUTURE = Date.parse('2100-01-01')
const USERS = 1_000
const PART = 100_000

/** As many expired as live rows of each table: `count` sessions, and a tenth of that of tokens and of a plug-in's rows. */
export async function fill(db: Db, [dialect]: TestDatabase['address'], count: number): Promise<void> {
  const name = (prefix: string, number: string) =>
    dialect === 'mysql' ? `concat('${prefix}-', ${number})` : `'${prefix}-' || ${number}`
  const person = name('user', `(n % ${USERS})`)
  const expires = `case when n % 2 = 0 then ${PAST} else ${FUTURE} end + n`
  await insert('users (id)', name('user', '(n - 1)'), USERS)
  await insert(
    'sessions (id, session_token, user_id, expires, created_at, last_seen_at, user_agent, claims)',
    `${name('id', 'n')}, ${name('token', 'n')}, ${person}, ${expires}, 0, 0, 'Mozilla/5.0 (X11; Linux x86_64)', '{}'`,
    2 * count,
  )
  await insert(
    'verification_tokens (identifier, token, expires)',
    `${person}, ${name('t', 'n')}, ${expires}`,
    count / 5,
  )
  await insert(
    'one_rows (id, owner, kind, count, until)',
    `${name('r', 'n')}, ${person}, 'a', 1, ${expires}`,
    count / 5,
  )

  async function insert(into: string, values: string, many: number): Promise<void> {
    for (let from = 1; from <= many; from += PART) {
      const to = Math.min(from + PART - 1, many)
      const numbers = `with recursive numbers (n) as (select ${from} union all select n + 1 from numbers where n < ${to})`
      const select = `select ${values} from numbers`
      await db.connection().execute(async (connection) => {
        if (dialect === 'mysql') await sql`set max_recursive_iterations = ${sql.lit(PART)}`.execute(connection)
        const parts = dialect === 'mysql' ? ['', numbers] : [numbers, '']
        await sql.raw(`${parts[0]} insert into ${into} ${parts[1]} ${select}`).execute(connection)
      })
    }
  }
}

/** How many rows there are that have expired, and how many that have not. */
export async function countRows(db: Db, name: string, column = 'expires'): Promise<{ dead: number; live: number }> {
  const dead = sql<number>`coalesce(sum(case when ${sql.ref(column)} < ${Date.now()} then 1 else 0 end), 0)`
  const query = sql<{ dead: number; total: number }>`select ${dead} as dead, count(*) as total from ${sql.table(name)}`
  const [found] = (await query.execute(db)).rows
  return { dead: Number(found?.dead), live: Number(found?.total) - Number(found?.dead) }
}

export interface Found {
  /** Milliseconds of each statement. */
  readonly times: readonly number[]
  readonly errors: readonly string[]
}

/** A process that writes to the same tables meanwhile. On PostgreSQL the server fails what waits longer than this for a lock. */
export async function startWriter({ address: [dialect, url] }: TestDatabase, longestLock: number) {
  const script = fileURLToPath(new URL('../children/write-beside.mjs', import.meta.url))
  const address = new URL(url, 'file:')
  if (dialect === 'postgres') {
    address.searchParams.set('options', `${address.searchParams.get('options')} -c lock_timeout=${longestLock}`)
  }
  const where = dialect === 'postgres' ? address.href : url
  const child = fork(script, [inject('packageEntry'), dialect, where], { execArgv: [] })
  const isOver = once(child, 'exit')
  await once(child, 'message')
  const read = async (): Promise<Found> => {
    child.send('read')
    const [found] = await once(child, 'message')
    return found
  }
  const stop = async () => {
    child.send('stop')
    await isOver
  }
  return { read, stop }
}

/** `p50 1.2, p99 8.1, longest 30 ms`. */
export function describeTimes(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(1)
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)} ms of ${times.length}`
}
