import { Pool } from 'pg'
import { expect, test } from 'vitest'
import { busTables, pollingBus, postgresBus } from '../../src/index.ts'
import { migrateTables } from '../../src/migrate.ts'
import { describeWith, findPostgres } from '../services.ts'
import { runChild } from '../support/child.ts'
import { createSqlite } from '../support/sqlite.ts'
import { follow, SILENT } from './follow.ts'

// A process that never closes its bus, a script for instance.

const service = await findPostgres()

describeWith(service, 'a process that listens', () => {
  test.each(['idle', 'publish'])('ends by itself when its task is done: %s', async (task) => {
    const pool = new Pool({ connectionString: service.url })
    const bus = postgresBus(pool, { logger: SILENT })
    const { heard } = await follow(bus)
    expect(await runChild('bus.mjs', [task, 'listen', service.url])).toMatchObject({ code: 0, stderr: '' })
    if (task === 'publish') await expect.poll(() => heard).toContain('1.goodbye')
    await bus.close?.()
    await pool.end()
  })
})

test.each(['idle', 'publish'])('a process that polls ends by itself when its task is done: %s', async (task) => {
  const database = await createSqlite()
  await migrateTables(database.connect(), { plugins: [busTables] })
  const bus = pollingBus(database.connect(), { pollEvery: 0.02 })
  const { heard } = await follow(bus)
  const [, file] = database.address
  expect(await runChild('bus.mjs', [task, 'poll', file])).toMatchObject({
    code: 0,
    stderr: '',
    stdout: 'lost\nconnected\n',
  })
  if (task === 'publish') await expect.poll(() => heard).toEqual(['1.goodbye'])
  await bus.close?.()
  await database.drop()
})
