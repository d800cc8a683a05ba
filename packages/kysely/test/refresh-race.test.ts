import { expect, onTestFinished, test } from 'vitest'
import { kyselyAdapter } from '../src/index.ts'
import { migrateToLatest } from '../src/migrate.ts'
import { describeWith, findMariadb, findPostgres } from './services.ts'
import type { TestDatabase } from './support/database.ts'
import { type Answer, startInstance } from './support/instance.ts'
import { createMariadb } from './support/mariadb.ts'
import { createPostgres } from './support/postgres.ts'
import { createSqlite } from './support/sqlite.ts'

const PER_INSTANCE = 25

/** Two processes, one database, fifty refreshes of one token at once; over and over. */
async function race(database: TestDatabase, rounds: number): Promise<void> {
  onTestFinished(() => database.drop())
  const db = database.connect()
  await migrateToLatest(db)
  const adapter = kyselyAdapter(db)
  const instances = await Promise.all([startInstance(database), startInstance(database)])
  const [first, second] = instances
  for (let round = 0; round < rounds; round++) {
    const [begun] = await first.post('/signin/anyone', { id: `user-${round}`, flow: 'token' })
    const { refreshToken } = begun ?? {}
    const answers = (
      await Promise.all(instances.map(({ post }) => post('/token', { refreshToken }, PER_INSTANCE)))
    ).flat()
    // One lineage: the family moved by one generation, and nobody was sent away.
    expect(answers.filter(({ kind }) => kind !== undefined)).toEqual([])
    expect(answers).toHaveLength(2 * PER_INSTANCE)
    const [row] = await adapter.listSessions({ userId: `user-${round}`, now: new Date(0) })
    expect(row?.generation).toBe(1)
    // All holders are current: one rotates, another is one step behind, and both go on.
    const [winner, sibling] = [answers[3], answers[2 * PER_INSTANCE - 4]]
    expect(await kindsOf(second, winner)).toEqual([undefined])
    expect(await kindsOf(first, sibling)).toEqual([undefined])
  }
}

type Instance = Awaited<ReturnType<typeof startInstance>>
type End = (instance: Instance, round: number, refreshToken: string | undefined) => Promise<unknown>

const signOut: End = ({ post }, _, refreshToken) => post('/signout', { refreshToken })
const revokeAll: End = (instance, round) => instance.revokeAll(`user-${round}`)

/** Refreshes racing the end of their session: whatever they were answered, nothing that they hold works afterwards. */
async function raceEnd(database: TestDatabase, rounds: number, end: End): Promise<void> {
  onTestFinished(() => database.drop())
  await migrateToLatest(database.connect())
  const [first, second] = await Promise.all([startInstance(database), startInstance(database)])
  for (let round = 0; round < rounds; round++) {
    const [begun] = await first.post('/signin/anyone', { id: `user-${round}`, flow: 'token' })
    const { refreshToken } = begun ?? {}
    const [answers] = await Promise.all([first.post('/token', { refreshToken }, 10), end(second, round, refreshToken)])
    for (const { kind } of answers) expect([undefined, 'SessionRevoked']).toContain(kind)
    for (const answer of answers.filter((each) => each.refreshToken)) {
      expect(await kindsOf(first, answer)).toEqual(['SessionRevoked'])
    }
  }
}

async function kindsOf({ post }: Instance, answer: Answer | undefined) {
  return (await post('/token', { refreshToken: answer?.refreshToken })).map(({ kind }) => kind)
}

const postgres = await findPostgres()
const mariadb = await findMariadb()
const LONG = { timeout: 240_000 }

describeWith(postgres, 'refresh races on PostgreSQL', () => {
  test('R01 fifty at once from two processes, 200 rounds: one lineage in each, nobody signed out', LONG, async () => {
    await race(await createPostgres(postgres), 200)
  })
  test('R05 a sign-out in between, 200 rounds: never a live token afterwards', LONG, async () => {
    await raceEnd(await createPostgres(postgres), 200, signOut)
  })
  test('R05 an end of all sessions in between, 200 rounds: never a live token afterwards', LONG, async () => {
    await raceEnd(await createPostgres(postgres), 200, revokeAll)
  })
})

describeWith(mariadb, 'refresh races on MariaDB', () => {
  test('R01 fifty at once from two processes, 40 rounds: one lineage in each, nobody signed out', LONG, async () => {
    await race(await createMariadb(mariadb), 40)
  })
  test('R05 a sign-out in between, 40 rounds: never a live token afterwards', LONG, async () => {
    await raceEnd(await createMariadb(mariadb), 40, signOut)
  })
  test('R05 an end of all sessions in between, 40 rounds: never a live token afterwards', LONG, async () => {
    await raceEnd(await createMariadb(mariadb), 40, revokeAll)
  })
})

test('R01 on a SQLite file, fifty at once from two processes, 20 rounds', LONG, async () => {
  await race(await createSqlite(), 20)
})

test('R05 on a SQLite file, a sign-out in between, 20 rounds', LONG, async () => {
  await raceEnd(await createSqlite(), 20, signOut)
})

test('R05 on a SQLite file, an end of all sessions in between, 20 rounds', LONG, async () => {
  await raceEnd(await createSqlite(), 20, revokeAll)
})
