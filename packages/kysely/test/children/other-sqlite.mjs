import * as core from '@latchkey/core'
import { CamelCasePlugin, Kysely, sql } from 'kysely'
import assert from 'node:assert/strict'
import { pathToFileURL } from 'node:url'

// A person's session on the SQLite that this runtime brings along. The arguments are the package's entry and a file.
const [entry, file] = process.argv.slice(2)
const { kyselyAdapter, sqliteDialect } = await import(pathToFileURL(entry).href)
const { migrateToLatest } = await import(new URL('migrate.js', pathToFileURL(entry)).href)

const open = process.versions.bun ? (await import('bun:sqlite')).Database : (await import('node:sqlite')).DatabaseSync
const database = new open(file)
const db = new Kysely({ dialect: sqliteDialect(database), plugins: [new CamelCasePlugin()] })
assert.equal((await migrateToLatest(db)).length, 6)
assert.deepEqual(await migrateToLatest(db), [])
await sql`alter table users add column is_staff integer`.execute(db)

const adapter = kyselyAdapter(db)
const user = await adapter.createUser({ id: 'ada', email: 'Ada@example.com', isStaff: true })
assert.deepEqual(user, {
  id: 'ada',
  name: null,
  email: 'Ada@example.com',
  emailVerified: null,
  image: null,
  isStaff: 1,
})
assert.equal((await adapter.getUserByEmail('ada@EXAMPLE.com')).id, 'ada')

const [now, expires, later] = [0, 3_600_000, 7_200_000].map((ms) => new Date(Date.now() + ms))
const times = { createdAt: now, lastSeenAt: now, expires }
const state = {
  userAgent: null,
  ip: null,
  claims: { org: 'acme' },
  revision: 0,
  generation: 0,
  rotatedAt: null,
  revokedAt: null,
  amr: ['pwd', 'mfa'],
}
const session = { id: 'session', sessionToken: 'hash', userId: 'ada', ...times, ...state }
await adapter.createSession(session)
await assert.rejects(adapter.createSession(session))
await assert.rejects(
  adapter.createSession({ ...session, id: 'other', sessionToken: 'other', userId: 'nobody' }),
  /foreign key/i,
)
const { sessionToken } = session
const rotate = (from, to) => adapter.rotateSession({ sessionToken, from, to, expires: later, now })
assert.deepEqual([await rotate(0, 1), await rotate(0, 1), await rotate(1, 1)], [true, false, true])
assert.equal(await adapter.writeSessionClaims({ sessionToken, revision: 0, claims: { org: 'globex' } }), true)
const found = await adapter.getSessionAndUser(sessionToken)
assert.deepEqual(found.session, {
  ...session,
  expires: later,
  claims: { org: 'globex' },
  revision: 1,
  generation: 1,
  rotatedAt: now,
})
assert.deepEqual(await adapter.revokeSessions({ userId: 'ada', now }), ['session'])
assert.equal(await adapter.deleteExpired({ now: new Date(later.getTime() + 1) }), 1)

// A table of a plug-in.
const { boolean, instant, integer, json, text } = core
const columns = { id: text(), owner: core.user(), uses: integer(), isOpen: boolean(), endsAt: instant(), data: json() }
const spec = core.table(columns, { unique: [['id']], expires: 'endsAt' })
assert.deepEqual(await migrateToLatest(db, { plugins: [{ id: 'key', tables: { uses: spec } }] }), ['key_001'])
const uses = adapter.table('key_uses', spec)
const use = { id: 'a', owner: 'ada', uses: 2 ** 40, isOpen: true, endsAt: now, data: { of: ['a'] } }
assert.deepEqual([await uses.insert(use), await uses.insert(use)], [true, false])
await assert.rejects(uses.insert({ ...use, id: 'b', owner: 'nobody' }), /foreign key/i)
assert.equal(await uses.increment(use, 'uses', -1), 2 ** 40 - 1)
assert.equal(await uses.update({ isOpen: true }, { isOpen: false }), 1)
const changed = { ...use, uses: 2 ** 40 - 1, isOpen: false }
assert.deepEqual(await uses.list({ where: { endsAt: { above: new Date(0) } }, limit: 9 }), [changed])
assert.deepEqual([await uses.take({ id: 'a' }, { isOpen: false }), await uses.take({ id: 'a' })], [changed, null])
assert.equal(await uses.insert(use), true)
assert.equal(await adapter.deleteExpired({ now }), 1)

// Another connection holds the lock: timers go on meanwhile.
const other = new open(file)
other.exec('begin immediate')
let isWritten = false
const writing = adapter.createUser({ id: 'bob' }).then(() => (isWritten = true))
for (let tick = 0; tick < 10; tick++) await new Promise((resolve) => setTimeout(resolve, 10))
assert.equal(isWritten, false)
other.exec('rollback')
await writing
other.close()

// What Kysely itself does with a dialect.
await assert.rejects(
  db.transaction().execute(async (transaction) => {
    await transaction.insertInto('users').values({ id: 'gone' }).execute()
    throw new Error('changed my mind')
  }),
  /changed my mind/,
)
const result = await db
  .updateTable('users')
  .set({ name: 'Somebody' })
  .where('id', 'in', ['ada', 'bob', 'gone'])
  .executeTakeFirst()
assert.equal(result.numUpdatedRows, 2n)
const names = []
for await (const row of db.selectFrom('users').select('id').orderBy('id').stream()) names.push(row.id)
assert.deepEqual(names, ['ada', 'bob'])
await db.destroy()
console.log('works')
