import { migrateToLatest } from '@latchkey/kysely/migrate'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { describeWith, findPostgres } from '../../kysely/test/services.ts'
import { kyselyOf } from '../src/index.ts'
import { plugins } from './kit/plugins.ts'
import { findKit, generate, push } from './support/kit.ts'
import { describeKitMade } from './support/kit-made.ts'
import { lookAtPostgres } from './support/look-pg.ts'
import { createDatabase } from './support/postgres.ts'

// drizzle-kit is a program of its own, which takes its time to start.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const [postgres, kit] = await Promise.all([findPostgres(), findKit()])

async function open() {
  const { url, drop } = await createDatabase(postgres)
  const pool = new Pool({ connectionString: url })
  const db = drizzle(pool)
  const close = async () => {
    await pool.end()
    await drop()
  }
  return { url, pool, db, kysely: kyselyOf(db), drop: close }
}

async function openForTest() {
  const opened = await open()
  onTestFinished(opened.drop)
  return opened
}

/** What the migrations make, but for collations, which Drizzle doesn't know. */
async function lookAtMigrated() {
  const { pool, kysely } = await openForTest()
  await migrateToLatest(kysely, { plugins })
  return lookAtPostgres(pool, { collations: false })
}

describeWith(kit, 'drizzle-kit', () => {
  describeWith(postgres, 'on PostgreSQL', () => {
    test('push changes nothing in what the migrations made', async () => {
      const { url, pool, kysely } = await openForTest()
      await migrateToLatest(kysely, { plugins })
      const before = await lookAtPostgres(pool, { collations: true })
      expect(await push('pg', url)).toContain('No changes detected')
      expect(await lookAtPostgres(pool, { collations: true })).toEqual(before)
      expect(before.length).toBeGreaterThan(100)
    })

    test('push makes what the migrations make, and these change nothing afterwards', async () => {
      const { url, pool, kysely } = await openForTest()
      await push('pg', url)
      const pushed = await lookAtPostgres(pool, { collations: false })
      expect(pushed).toEqual(await lookAtMigrated())
      expect(await migrateToLatest(kysely, { plugins })).toContain('password_001')
      expect(await migrateToLatest(kysely, { plugins })).toEqual([])
      expect(await lookAtPostgres(pool, { collations: false })).toEqual(pushed)
      expect(await push('pg', url)).toContain('No changes detected')
    })

    test('generate writes a migration that makes the same, once', async () => {
      const { pool } = await openForTest()
      const { statements, again } = await generate('pg')
      for (const statement of statements) await pool.query(statement)
      expect(await lookAtPostgres(pool, { collations: false })).toEqual(await lookAtMigrated())
      expect(again).toContain('No schema changes')
    })

    describe('its tables', () => {
      describeKitMade('tables of drizzle-kit on PostgreSQL', async () => {
        const opened = await open()
        await push('pg', opened.url)
        return opened
      })
    })
  })
})
