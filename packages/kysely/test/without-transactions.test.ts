import { describeWith, findMariadb, findPostgres } from './services.ts'
import { describeContract, describeCounterContract, describeTableContract } from './support/contract.ts'
import type { Db, TestDatabase } from './support/database.ts'
import { openLikeD1, openLikeNeon, openLikePlanetScale } from './support/foreign-dialects.ts'
import { createMariadb } from './support/mariadb.ts'
import { createPostgres } from './support/postgres.ts'
import { createSqlite } from './support/sqlite.ts'

// Databases over HTTP have no transactions that live from one statement to the next: the migrations and every write work without.

/** The same database, to which every connection is made in another way. */
async function connectedBy(create: () => Promise<TestDatabase>, open: (address: string) => Db): Promise<TestDatabase> {
  const database = await create()
  const opened: Db[] = []
  return {
    ...database,
    connect: () => {
      const db = open(database.address[1])
      opened.push(db)
      return db
    },
    drop: async () => {
      for (const db of opened) await db.destroy()
      await database.drop()
    },
  }
}

function describeAll(name: string, create: () => Promise<TestDatabase>): void {
  describeContract(`M33 ${name}`, create)
  describeTableContract(`M33 ${name}`, create)
  describeCounterContract(`M33 a table, ${name}`, create)
}

const postgres = await findPostgres()
const mariadb = await findMariadb()

describeAll('SQLite without transactions, as D1', () => connectedBy(createSqlite, openLikeD1))
describeWith(postgres, 'PostgreSQL without transactions', () => {
  describeAll('as Neon over HTTP', () => connectedBy(() => createPostgres(postgres), openLikeNeon))
})
describeWith(mariadb, 'MySQL without transactions', () => {
  describeAll('as PlanetScale over HTTP', () => connectedBy(() => createMariadb(mariadb), openLikePlanetScale))
})
