import { migrateToLatest } from '@latchkey/kysely/migrate'
import { drizzle } from 'drizzle-orm/mysql2'
import { createPool } from 'mysql2/promise'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { describeWith, findMariadb } from '../../kysely/test/services.ts'
import { kyselyOf } from '../src/index.ts'
import { plugins } from './kit/plugins.ts'
import { findKit, generate } from './support/kit.ts'
import { describeKitMade } from './support/kit-made.ts'
import { lookAtMysql } from './support/look-mysql.ts'
import { createMariadbDatabase } from './support/mariadb.ts'

// drizzle-kit is a program of its own, which takes its time to start.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const [mariadb, kit] = await Promise.all([findMariadb(), findKit()])

async function open() {
  const { url, drop } = await createMariadbDatabase(mariadb)
  const pool = createPool(url)
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

// `drizzle-kit push` works on no MariaDB: it would make the primary keys of every schema again, and fails. So only `generate` is tried.
describeWith(kit, 'drizzle-kit', () => {
  describeWith(mariadb, 'on MariaDB', () => {
    test('generate writes a migration that makes what the migrations make, and these change nothing afterwards', async () => {
      const [made, migrated] = [await openForTest(), await openForTest()]
      const { statements, again } = await generate('mysql')
      for (const statement of statements) await made.pool.query(statement)
      expect(again).toContain('No schema changes')
      await migrateToLatest(migrated.kysely, { plugins })
      const expected = await lookAtMysql(migrated.pool)
      expect(await lookAtMysql(made.pool)).toEqual(expected)
      expect(expected.length).toBeGreaterThan(100)
      expect(await migrateToLatest(made.kysely, { plugins })).toContain('password_001')
      expect(await migrateToLatest(made.kysely, { plugins })).toEqual([])
      expect(await lookAtMysql(made.pool)).toEqual(expected)
    })

    describe('its tables', () => {
      describeKitMade('tables of drizzle-kit on MariaDB', async () => {
        const opened = await open()
        const { statements } = await generate('mysql')
        for (const statement of statements) await opened.pool.query(statement)
        return opened
      })
    })
  })
})
