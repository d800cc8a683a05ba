import { describe } from 'vitest'
import { describeSecondStep } from '../../core/test/sign-in/second-step.ts'
import { describeSignInStory } from '../../core/test/sign-in/story.ts'
import type { OpenStore } from '../../core/test/sign-in/lab.ts'
import { kyselyAdapter } from '../src/index.ts'
import { migrateToLatest } from '../src/migrate.ts'
import { describeWith, findMariadb, findPostgres } from './services.ts'
import type { Db, TestDatabase } from './support/database.ts'
import { openDatabase } from './support/database-suite.ts'
import { createMariadb } from './support/mariadb.ts'
import { createPostgres } from './support/postgres.ts'
import { createSqlite } from './support/sqlite.ts'

describeSignIns('SQLite', createSqlite)

const postgres = await findPostgres()
describeWith(postgres, 'sign-ins on PostgreSQL', () => describeSignIns('PostgreSQL', () => createPostgres(postgres)))

const mariadb = await findMariadb()
describeWith(mariadb, 'sign-ins on MariaDB', () => describeSignIns('MariaDB', () => createMariadb(mariadb)))

/** One database for all tests: each leaves it empty, for with a user goes what belongs to them. */
function describeSignIns(name: string, create: () => Promise<TestDatabase>): void {
  describe(`sign-ins on ${name}`, () => {
    const database = openDatabase(create)
    let db: Db | undefined
    const open = async (): Promise<OpenStore> => {
      const opened = (db ??= database().connect())
      await migrateToLatest(opened)
      return {
        adapter: kyselyAdapter(opened),
        close: async () => void (await opened.deleteFrom('users').execute()),
      }
    }
    describeSignInStory(name, open)
    describeSecondStep(name, open)
  })
}
