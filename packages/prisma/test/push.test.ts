import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kyselyAdapter } from '@latchkey/kysely'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { describeSessionAdapter } from '../../core/test/adapter-contract.ts'
import { describeWith } from '../../kysely/test/services.ts'
import { prismaAdapter, kyselyOf } from '../src/index.ts'
import { DATABASES, type PrismaDatabase } from './support/databases.ts'
import { allPlugins } from './support/plugins.ts'
import { pushUntilSaid } from './support/run-prisma.ts'
import { type AppSchema, generateSchema } from './support/schema.ts'
import { readStructure } from './support/structure.ts'

const folder = inject('pushFolder') ?? ''
const installed = { name: 'Prisma 6', url: 'package://prisma', isReachable: folder !== '' }

/** The datasource's address is replaced by the adapter of the configuration. */
const ownOf = (provider: string) =>
  `generator client {\n  provider = "prisma-client-js"\n  engineType = "client"\n}\n\ndatasource db {\n  provider = "${provider}"\n  url = "file:unused"\n}\n`

async function push({ database }: PrismaDatabase, provider: string, schema: AppSchema): Promise<string> {
  await copyFile(join(import.meta.dirname, 'support/push.config.mjs'), join(folder, 'push.config.mjs'))
  const [, address] = database.address
  const url = provider === 'sqlite' ? `file:${address}` : address
  const env = { PUSH_SCHEMA: schema.path, PUSH_URL: url, PUSH_PROVIDER: provider }
  return pushUntilSaid(['db', 'push', '--skip-generate', '--config', 'push.config.mjs'], folder, env)
}

describeWith(installed, 'prisma db push', () => {
  for (const { provider, name, service, create } of DATABASES) {
    // Prisma has an engine without a download for the other two only.
    if (provider === 'mysql') continue
    describeWith(service, name, () => {
      let database: PrismaDatabase
      let schema: AppSchema
      beforeEach(async () => {
        database = await create()
        schema = await generateSchema(folder, provider, ownOf(provider))
      })
      afterEach(async () => {
        await schema.drop()
        await database.drop()
      })
      const structure = () => readStructure(database.database.connect(), database.database)

      test('changes nothing of what the migrations made, of any plug-in', async () => {
        await migrateToLatest(database.database.connect(), { plugins: allPlugins() })
        const before = await structure()
        expect(before.length).toBeGreaterThan(150)
        expect(await push(database, provider, schema)).toContain('The database is already in sync')
        expect(await structure()).toEqual(before)
      })

      test('would change something if a model lacked an index: the test can fail', async () => {
        await migrateToLatest(database.database.connect(), { plugins: allPlugins() })
        const text = await readFile(schema.path, 'utf8')
        await writeFile(schema.path, text.replace(/^.*sessions_expires_index.*\n/m, ''))
        const before = await structure()
        expect(await push(database, provider, schema)).not.toContain('already in sync')
        expect(await structure()).toEqual(before.filter((line) => !line.includes('sessions_expires_index')))
      })

      test('on an empty database makes the tables that the migrations would, which then add what Prisma has no word for', async () => {
        expect(await push(database, provider, schema)).toContain('is now in sync')
        await migrateToLatest(database.database.connect(), { plugins: allPlugins() })
        const made = await structure()
        expect(await push(database, provider, schema)).toContain('The database is already in sync')
        expect(await structure()).toEqual(made)
        const other = await create()
        await migrateToLatest(other.database.connect(), { plugins: allPlugins() })
        const expected = await readStructure(other.database.connect(), other.database)
        const plain = (lines: readonly string[]) =>
          lines.map((line) => line.replaceAll(/latchkey_[0-9a-f]{12}\.?/g, '')).toSorted()
        expect(plain(made)).toEqual(plain(expected))
        await other.drop()
      })

      test('adds the app’s own models and fields, those that refer to users too', async () => {
        await migrateToLatest(database.database.connect(), { plugins: allPlugins() })
        const text = await schema.read()
        const posts =
          'model Post {\n  id String @id\n  authorId String\n  author User @relation(fields: [authorId], references: [id], onDelete: Cascade)\n}\n'
        await writeFile(
          schema.path,
          `${text.replace(/(model User \{\n)/, '$1  role String @default("member")\n  posts Post[]\n')}\n${posts}`,
        )
        expect(await push(database, provider, schema)).toContain('is now in sync')
        const adapter = kyselyAdapter(database.database.connect())
        expect(await adapter.createUser({ id: 'ada' })).toMatchObject({ id: 'ada', role: 'member' })
      })
    })

    describeWith(service, `tables that Prisma made on ${name}`, () => {
      describeSessionAdapter(`tables that Prisma made on ${name}`, async () => {
        const database = await create()
        const schema = await generateSchema(folder, provider, ownOf(provider))
        expect(await push(database, provider, schema)).toContain('is now in sync')
        await schema.drop()
        const prisma = database.connect()
        await migrateToLatest(kyselyOf(prisma), { plugins: allPlugins() })
        return { adapter: prismaAdapter(prisma, { writeTimeout: '30s' }), close: database.drop }
      })
    })
  }
})
