import { busTables, kyselyTables, pollingBus } from '@latchkey/kysely'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { attemptTables, tableCounter } from '@latchkey/core'
import { password } from '@latchkey/password'
import { createClient } from '@libsql/client'
import { eq, relations } from 'drizzle-orm'
import { drizzle as drizzleLibsql } from 'drizzle-orm/libsql'
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'
import { Pool } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { startApp } from '../../../test/support/app.ts'
import { describeWith, findPostgres } from '../../kysely/test/services.ts'
import { drizzleAdapter, type DrizzleDatabase, kyselyOf } from '../src/index.ts'
import { latchkeyTables } from '../src/schema/pg.ts'
import { createFolder } from './support/file.ts'
import { createSchema } from './support/postgres.ts'

const plugins = [password()]
const ann = { email: 'ann@example.com', password: 'correct horse battery staple', name: 'Ann' }

/** Sign-up, sign-in, refresh and revocation, as clients see them. */
async function expectAppToWork(db: DrizzleDatabase) {
  const kysely = kyselyOf(db)
  await migrateToLatest(kysely, { plugins: [...plugins, attemptTables, busTables] })
  const counter = tableCounter(kyselyTables(kysely))
  const app = await startApp({ adapter: drizzleAdapter(db), plugins, limits: { counter }, bus: pollingBus(kysely) })
  onTestFinished(() => app.stop())

  const browser = app.client('cookie')
  expect(await browser.mutate('auth.password.signUp', ann)).toMatchObject({ status: 200 })
  const phone = app.client('token')
  const signIn = { provider: 'password', email: 'Ann@EXAMPLE.com', password: ann.password }
  expect(await phone.mutate('auth.signIn', signIn)).toMatchObject({ status: 200, data: { status: 'tokens' } })
  const id = await browser.whoAmI()
  expect(id).not.toBeNull()
  expect(await phone.whoAmI()).toBe(id)
  expect(await phone.mutate('auth.signIn', { ...signIn, password: 'another one entirely' })).toMatchObject({
    status: 401,
  })

  const before = phone.tokens
  expect(await phone.mutate('auth.token', { refreshToken: before?.refreshToken })).toMatchObject({ status: 200 })
  expect(phone.tokens?.refreshToken).not.toBe(before?.refreshToken)
  expect(await phone.whoAmI()).toBe(id)

  const sessions = await browser.query<readonly { id: string; current: boolean }[]>('auth.sessions.list')
  expect(sessions.data).toHaveLength(2)
  expect(await browser.mutate('auth.sessions.revokeOthers')).toMatchObject({ status: 200 })
  expect(await phone.mutate('auth.token', { refreshToken: phone.tokens?.refreshToken })).toMatchObject({ status: 401 })
  expect(await browser.whoAmI()).toBe(id)
  return id
}

test('a person signs up, in, refreshes and ends the other session, on @libsql/client', async () => {
  const { file, remove } = await createFolder()
  const client = createClient({ url: `file:${file}` })
  onTestFinished(async () => {
    client.close()
    await remove()
  })
  await expectAppToWork(drizzleLibsql(client))
})

const postgres = await findPostgres()

describeWith(postgres, 'PostgreSQL', () => {
  test('a person signs up, in, refreshes and ends the other session; the app reads their rows with Drizzle', async () => {
    const { url, drop } = await createSchema(postgres)
    const pool = new Pool({ connectionString: url })
    onTestFinished(async () => {
      await pool.end()
      await drop()
    })
    const { users, sessions, accounts } = latchkeyTables({ plugins })
    const posts = pgTable('posts', {
      id: text('id').primaryKey(),
      authorId: text('author_id').references(() => users.id),
    })
    const schema = {
      users,
      posts,
      sessions,
      accounts,
      usersRelations: relations(users, ({ many }) => ({ posts: many(posts), sessions: many(sessions) })),
      postsRelations: relations(posts, ({ one }) => ({
        author: one(users, { fields: [posts.authorId], references: [users.id] }),
      })),
      sessionsRelations: relations(sessions, ({ one }) => ({
        user: one(users, { fields: [sessions.userId], references: [users.id] }),
      })),
    }
    const db = drizzlePg(pool, { schema })
    const id = (await expectAppToWork(db)) ?? ''

    await db.execute('create table posts (id text primary key, author_id text references users (id))')
    await db.insert(posts).values({ id: 'first', authorId: id })
    const found = await db.query.users.findFirst({ where: eq(users.id, id), with: { posts: true, sessions: true } })
    expect(found).toMatchObject({ name: 'Ann', emailVerified: null, posts: [{ id: 'first' }] })
    expect(found?.sessions).toHaveLength(2)
    expect(found?.sessions[0]?.expires).toBeInstanceOf(Date)
    expect(found?.sessions.filter(({ revokedAt }) => revokedAt === null)).toHaveLength(1)
    const later = new Date(Date.now() + 60_000)
    await db.update(users).set({ emailVerified: later }).where(eq(users.id, id))
    expect(await drizzleAdapter(db).getUser(id)).toMatchObject({ emailVerified: later })
  })
})
