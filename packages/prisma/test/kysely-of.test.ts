import { kyselyAdapter } from '@latchkey/kysely'
import { migrateToLatest, migrations } from '@latchkey/kysely/migrate'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sessionOf } from '../../core/test/adapter/support.ts'
import { describeWith } from '../../kysely/test/services.ts'
import { kyselyOf, type PrismaClientLike, prismaAdapter } from '../src/index.ts'
import { installed, type TestClient } from './support/clients.ts'
import { DATABASES, type PrismaDatabase } from './support/databases.ts'

describe('a client', () => {
  const like = (fields: object): PrismaClientLike => ({
    $queryRawUnsafe: async () => [],
    $executeRawUnsafe: async () => 0,
    ...fields,
  })

  test('that says which database it is for is taken, and so is one for which the app says it', () => {
    expect(() => prismaAdapter(like({ _activeProvider: 'sqlite' }))).not.toThrow()
    expect(() => prismaAdapter(like({}), { provider: 'postgresql' })).not.toThrow()
  })

  test.each([
    { client: 'of another database', fields: { _activeProvider: 'sqlserver' }, says: /"sqlserver" is not supported/ },
    { client: 'that says nothing', fields: {}, says: /pass \{ provider: 'postgresql' \}/ },
  ])('C7 $client is refused at construction, with the fix', ({ fields, says }) => {
    expect(() => prismaAdapter(like(fields))).toThrow(says)
  })
})

describeWith(installed, 'kyselyOf', () => {
  for (const { name, service, create } of DATABASES) {
    describeWith(service, name, () => {
      let database: PrismaDatabase
      let prisma: TestClient
      beforeAll(async () => {
        database = await create()
        prisma = database.connect()
        expect(await migrateToLatest(kyselyOf(prisma))).toEqual(Object.keys(migrations))
      })
      afterAll(() => database.drop())

      test('D04 has nothing to migrate beside a Kysely on another driver, and the other way round', async () => {
        expect(await migrateToLatest(database.database.connect())).toEqual([])
        expect(await migrateToLatest(kyselyOf(prisma))).toEqual([])
      })

      test('D04 four instances that migrate at once make one schema', async () => {
        const empty = await create()
        const runs = Array.from({ length: 4 }, () => migrateToLatest(kyselyOf(empty.connect())))
        await Promise.all(runs)
        expect(await migrateToLatest(kyselyOf(empty.connect()))).toEqual([])
        await empty.drop()
      })

      test('is the same for the same client, and one of its own for an extended one', () => {
        expect(kyselyOf(prisma)).toBe(kyselyOf(prisma))
        const extended = prisma.$extends({ name: 'nothing' })
        expect(kyselyOf(extended)).not.toBe(kyselyOf(prisma))
      })

      test('a transaction of Kysely is one of Prisma: all of it happens, or nothing', async () => {
        const db = kyselyOf(prisma)
        const id = crypto.randomUUID()
        const undone = db.transaction().execute(async (transaction) => {
          await kyselyAdapter(transaction).createUser({ id })
          expect(await kyselyAdapter(transaction).getUser(id)).not.toBeNull()
          throw new Error('changed my mind')
        })
        await expect(undone).rejects.toThrow('changed my mind')
        expect(await prismaAdapter(prisma).getUser(id)).toBeNull()
        await db.transaction().execute((transaction) => kyselyAdapter(transaction).createUser({ id }))
        expect(await prismaAdapter(prisma).getUser(id)).toMatchObject({ id })
      })

      test('an adapter on the client of a transaction belongs to it', async () => {
        const id = crypto.randomUUID()
        const undone = prisma.$transaction(async (tx) => {
          await prismaAdapter(tx).createUser({ id })
          await prismaAdapter(tx).createSession(sessionOf(id))
          throw new Error('changed my mind')
        })
        await expect(undone).rejects.toThrow('changed my mind')
        expect(await prismaAdapter(prisma).getUser(id)).toBeNull()
      })

      test.each(['begin', 'set x = 1', "select get_lock('x', 1)", 'listen x'])(
        '%s, which changes one connection of many, is refused',
        async (statement) => {
          await expect(sql.raw(statement).execute(kyselyOf(prisma))).rejects.toThrow(/transaction\(\) of Kysely/)
        },
      )

      test('errors have the code of the driver, and Prisma’s error as their cause', async () => {
        const adapter = prismaAdapter(prisma)
        const id = crypto.randomUUID()
        await adapter.createUser({ id })
        const error = await adapter.createUser({ id }).catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({ cause: { name: 'PrismaClientKnownRequestError' } })
        expect(error).toHaveProperty('code')
      })

      test('M09 a write that comes too late changes nothing', async () => {
        const adapter = prismaAdapter(prisma, { writeTimeout: 0.001 })
        const patient = prismaAdapter(prisma, { writeTimeout: '30s' })
        const id = crypto.randomUUID()
        await patient.createUser({ id })
        const session = sessionOf(id)
        await patient.createSession(session)
        await adapter.getSessionAndUser(session.sessionToken)
        const late = Array.from({ length: 200 }, () =>
          adapter.createSession(sessionOf(id)).then(() => 'written', String),
        )
        const written = (await Promise.all(late)).filter((outcome) => outcome === 'written').length
        expect(await patient.listSessions({ userId: id, now: new Date(0) })).toHaveLength(written + 1)
      })
    })
  }
})
