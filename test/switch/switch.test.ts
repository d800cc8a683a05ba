import { memoryAdapter } from '@latchkey/core'
import { fromAuthJsDatabase } from '@latchkey/kysely/from-auth-js'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { describeWith, findPostgres } from '../../packages/kysely/test/services.ts'
import { createPostgres } from '../../packages/kysely/test/support/postgres.ts'
import { makeOldTables } from '../../packages/kysely/test/take-over/old-app.ts'
import { RegistryUnreachable } from '../consumer/support/install.ts'
import { hasBrowser, launchBrowser } from '../forms/support/browser.ts'
import { startNext } from '../nextjs/support/next.ts'
import { startFront } from './support/front.ts'
import { startIdp } from './support/idp.ts'
import { startNewApp } from './support/new-app.ts'
import { buildOldApps, type OldApps } from './support/old-apps.ts'
import { openVisitor } from './support/visitor.ts'

// The old apps are real: next-auth 4 and Auth.js 5 in Next, each with its own pages. A browser sees one origin; who is behind it changes.

const SECRET = 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa'
/** For an install and a build beside everything else that runs. Milliseconds. */
const PATIENCE = 600_000
const PEOPLE = ['ann', 'bob', 'eve', 'dan']

let browser: Browser
let old: OldApps | undefined
let unreachable: RegistryUnreachable | null = null

beforeAll(async () => {
  if (!hasBrowser) return
  browser = await launchBrowser()
  try {
    old = await buildOldApps()
  } catch (error) {
    if (!(error instanceof RegistryUnreachable) || process.env.REQUIRE_SERVICES === '1') throw error
    unreachable = error
    console.warn(`SKIPPED: apps that are switched over: npm's registry can't be reached\n${error.message}`)
  }
}, PATIENCE)
afterAll(async () => {
  await browser?.close()
  old?.remove()
})

/** The old app behind an origin, deployed; and browsers on the page of one library. */
async function open(page: '/v4' | '/v5', env: Readonly<Record<string, string>> = {}) {
  if (!old) throw new Error('the old apps were not built')
  const front = await startFront()
  onTestFinished(() => front.close())
  const { origin } = front
  const secrets = { NEXTAUTH_SECRET: SECRET, AUTH_SECRET: SECRET }
  const next = await startNext(old.folder, { ...secrets, NEXTAUTH_URL: origin, AUTH_URL: origin, ...env })
  front.ports.old = Number(new URL(next.url).port)
  const visit = (name: string) => openVisitor(browser, origin + page, name)
  return { front, next, visit }
}

async function deploy(front: Awaited<ReturnType<typeof startFront>>, ...rest: Tail<Parameters<typeof startNewApp>>) {
  const app = await startNewApp(front.origin, ...rest)
  front.ports.new = app.port
  onTestFinished(() => app.close())
  return app
}
type Tail<T extends readonly unknown[]> = T extends readonly [unknown, ...infer TRest] ? TRest : never

describe.skipIf(!hasBrowser)('C3 an app with jwt sessions is switched over and back, in Chromium', () => {
  test.for([
    { library: 'next-auth 4', from: 'next-auth', page: '/v4' },
    { library: 'Auth.js 5', from: 'authjs', page: '/v5' },
  ] as const)(
    '$library: nobody is signed out, whoever answers',
    { timeout: PATIENCE },
    async ({ from, page }, { skip }) => {
      skip(unreachable !== null, 'the registry is out of reach')
      const { front, visit, next } = await open(page)
      const adapter = memoryAdapter()
      for (const id of PEOPLE) await adapter.createUser({ id, name: id, email: `${id}@example.com` })
      const session = { strategy: 'jwt' } as const
      await deploy(front, SECRET, adapter, { session, cookies: { takeOver: { from } } })
      const [ann, bob, eve] = [await visit('ann'), await visit('bob'), await visit('eve')]
      const was = page.slice(1)

      await ann.signIn()
      await eve.signIn()
      expect(await ann.look()).toEqual({ app: was, who: 'ann@example.com' })

      front.to = 'new'
      expect(await ann.look()).toEqual({ app: 'new', who: 'ann@example.com' })
      await bob.signIn()

      front.to = 'old'
      expect(await ann.look()).toEqual({ app: was, who: 'ann@example.com' })
      expect(await bob.look()).toEqual({ app: was, who: 'bob@example.com' })

      front.to = 'either'
      front.pages.old = front.pages.new = 0
      for (let turn = 0; turn < 20; turn++) {
        expect((await ann.glance()).who).toBe('ann@example.com')
        expect((await bob.glance()).who).toBe('bob@example.com')
        if (turn % 10 === 9) expect((await ann.look()).who).toBe('ann@example.com')
      }
      expect(Math.min(front.pages.old, front.pages.new)).toBeGreaterThanOrEqual(10)

      // A sign-out at either counts at both.
      front.to = 'new'
      await ann.signOut()
      front.to = 'old'
      expect((await ann.look()).who).toBe('nobody')
      await bob.signOut()
      front.to = 'new'
      expect((await bob.look()).who).toBe('nobody')

      // The last step: our own cookie. Eve was never here; Bob signs in once more before it.
      await bob.signIn()
      await deploy(front, SECRET, adapter, { session, cookies: { takeOver: { from, write: 'ours' } } })
      for (const [person, who] of [
        [eve, 'eve'],
        [bob, 'bob'],
      ] as const) {
        expect((await person.look()).who).toBe(`${who}@example.com`)
        expect(await person.cookies()).toEqual(['latchkey.session'])
      }
      expect(next.output()).not.toMatch(/error/i)
    },
  )
})

const postgres = await findPostgres()
describe.skipIf(!hasBrowser)('C3 an app with sessions in its database is switched over and back, in Chromium', () => {
  describeWith(postgres, 'on PostgreSQL', () => {
    test.for([
      { library: 'next-auth 4', name: 'next-auth.session-token', page: '/v4' },
      { library: 'Auth.js 5', name: 'authjs.session-token', page: '/v5' },
    ] as const)('$library: nobody is signed out', { timeout: PATIENCE }, async ({ name, page }, { skip }) => {
      skip(unreachable !== null, 'the registry is out of reach')
      const database = await createPostgres(postgres)
      onTestFinished(() => database.drop())
      await makeOldTables('kysely', database)
      const idp = await startIdp()
      onTestFinished(() => idp.close())
      const { front, visit } = await open(page, { OLD_DATABASE: database.address[1], IDP_URL: idp.url })
      const db = database.connect()
      const takeOver = fromAuthJsDatabase(db, { madeBy: 'kysely', stage: 'shared' })
      await migrateToLatest(db, { plugins: [takeOver] })
      const options = { session: { strategy: 'database' }, cookies: { session: { name } } } as const
      await deploy(front, SECRET, takeOver.adapter, options)
      const [ann, annElsewhere] = [await visit('ann'), await visit('ann')]
      const was = page.slice(1)

      await ann.signInWithIdp()
      front.to = 'new'
      expect(await ann.look()).toEqual({ app: 'new', who: 'ann@example.com' })
      await annElsewhere.signIn()

      front.to = 'old'
      for (const person of [ann, annElsewhere])
        expect(await person.look()).toEqual({ app: was, who: 'ann@example.com' })

      front.to = 'either'
      for (let turn = 0; turn < 20; turn++) {
        for (const person of [ann, annElsewhere]) expect((await person.glance()).who).toBe('ann@example.com')
      }
      expect(Math.min(front.pages.old, front.pages.new)).toBeGreaterThanOrEqual(10)

      front.to = 'new'
      await ann.signOut()
      front.to = 'old'
      expect((await ann.look()).who).toBe('nobody')
      await annElsewhere.signOut()
      front.to = 'new'
      expect((await annElsewhere.look()).who).toBe('nobody')
    })
  })
})
