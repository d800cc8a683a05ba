import type { CompleteAdapter, StoredSession } from '@latchkey/core'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeAuth } from '../../../core/test/support/auth.ts'
import { createNative, expectTokens } from '../../../core/test/support/native.ts'
import { kyselyAdapter } from '../../src/index.ts'
import { migrateToLatest } from '../../src/migrate.ts'
import type { Db, TestDatabase } from './database.ts'
import { holdLock } from './locks.ts'
import { minutes, sessionOf } from './rows.ts'
import { WRITES } from './writes.ts'

/** How long after its call a write of these tests may happen, in milliseconds. */
const WRITE_TIMEOUT = 400
const LONG_AFTER = 3 * WRITE_TIMEOUT

const rotation = { from: 0, to: 1, expires: minutes(90), now: minutes(1) }

/** What becomes of a write that the database gets to only after its caller has given up. */
export function describeDeadlines(open: () => () => TestDatabase): void {
  describe('a write that comes too late', () => {
    const database = open()
    let db: Db
    /** For whom every write comes too late that waited here. */
    let adapter: CompleteAdapter
    /** For whom none does, however slow this machine is. */
    let patient: CompleteAdapter
    let session: StoredSession
    beforeAll(async () => {
      db = database().connect()
      await migrateToLatest(db)
      adapter = kyselyAdapter(db, { writeTimeout: WRITE_TIMEOUT / 1_000 })
      patient = kyselyAdapter(db, { writeTimeout: '30s' })
      await patient.createUser({ id: 'ada' })
    })
    beforeEach(async () => {
      await db.deleteFrom('sessions').execute()
      session = sessionOf('ada')
      await patient.createSession(session)
      await adapter.getSessionAndUser(session.sessionToken)
    })
    const rows = () => db.selectFrom('sessions').selectAll().execute()

    test.each(WRITES)('M09 $write happens if it is in time', async ({ run }) => {
      const before = await rows()
      expect([true, undefined]).toContain(await run(patient, session))
      expect(await rows()).not.toEqual(before)
    })

    describe.each(['the row', 'the table'] as const)('because another transaction held %s', (lock) => {
      test.each(WRITES)('M09 $write fails and changes nothing', async ({ run, write }) => {
        const before = await rows()
        const holder = await holdLock(database(), lock)
        // A new row waits for nobody who holds another, so that nothing is to be seen here.
        const isWaiting = !(write === 'create' && lock === 'the row' && database().address[0] === 'postgres')
        const outcome = run(adapter, session).then(
          () => 'written',
          (error: unknown) => error,
        )
        await passes(LONG_AFTER)
        await holder.release()
        expect(await outcome).toEqual(isWaiting ? expect.any(Error) : 'written')
        await passes(WRITE_TIMEOUT)
        if (isWaiting) expect(await rows()).toEqual(before)
      })
    })

    test('M09 one that is in time is written, also while another waits', async () => {
      const holder = await holdLock(database(), 'the row')
      const late = Promise.allSettled(WRITES.map(({ run }) => run(adapter, session)))
      const inTime = patient.rotateSession({ ...rotation, sessionToken: session.sessionToken })
      await passes(LONG_AFTER)
      await holder.release()
      expect((await late).map((result) => result.status === 'fulfilled' && result.value)).not.toContain(true)
      expect(await inTime).toBe(true)
    })

    test('M09 R12 a refresh that the engine gave up consumes nothing, and its retry is no theft', async () => {
      const open = (store: CompleteAdapter, adapterTimeout: number) =>
        createNative(makeAuth({ adapter: store, adapterTimeout, tokens: { enabled: true, reuseWindow: 0.001 } }))
      const unhurried = open(patient, 30)
      const { refreshToken } = await unhurried.signIn()
      const holder = await holdLock(database(), 'the row')
      expect(await open(adapter, (2 * WRITE_TIMEOUT) / 1_000).refresh(refreshToken)).toBe('AdapterError')
      await holder.release()
      await passes(WRITE_TIMEOUT)
      expectTokens(await unhurried.refresh(refreshToken))
    })

    test('M09 somebody else’s win is no error', async () => {
      const one = { ...rotation, sessionToken: session.sessionToken }
      expect([await patient.rotateSession(one), await patient.rotateSession(one)]).toEqual([true, false])
    })

    test.each(WRITES)('M09 $write, because the connections were all taken', async ({ run }) => {
      const before = await rows()
      const release = await takeAllConnections(db, database().address[0] === 'sqlite' ? 1 : 10)
      const outcome = run(adapter, session).then(
        () => 'written',
        (error: unknown) => error,
      )
      await passes(LONG_AFTER)
      release()
      expect(await outcome).toEqual(expect.any(Error))
      expect(await rows()).toEqual(before)
    })
  })
}

/** mysql2's and pg's pools have ten connections, SQLite one. */
async function takeAllConnections(db: Db, count: number): Promise<() => void> {
  let release = () => {}
  const isReleased = new Promise<void>((resolve) => (release = resolve))
  await new Promise<void>((resolve) => {
    let taken = 0
    for (let index = 0; index < count; index++) {
      void db.connection().execute(async () => {
        taken++
        if (taken === count) resolve()
        await isReleased
      })
    }
  })
  return release
}

/** Time passes while somebody waits: what is asserted is what is in the tables afterwards. */
function passes(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
