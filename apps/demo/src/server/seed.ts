import { randomUUID } from 'node:crypto'
import { argon2id } from '@latchkey/password'
import { db } from './db.ts'

/** Who can sign in. The passwords are printed at every start: they guard a demo on your own machine. */
export const ACCOUNTS = [
  { name: 'Ada Lindqvist', email: 'ada@example.com', password: 'lantern-over-water', role: 'admin' },
  { name: 'Ben Okafor', email: 'ben@example.com', password: 'quiet-morning-tram', role: 'member' },
] as const

const OTHERS = [
  { name: 'Chiara Moretti', email: 'chiara@example.com', role: 'member', places: ['harbour'] },
  { name: 'Dmitri Sokolov', email: 'dmitri@example.com', role: 'member', places: ['northwind'] },
  { name: 'Emi Tanaka', email: 'emi@example.com', role: 'member', places: ['harbour', 'northwind'] },
] as const

const ORGANISATIONS = [
  { id: 'northwind', name: 'Northwind Press' },
  { id: 'harbour', name: 'Harbour Studio' },
] as const

/** Fills an empty database; leaves any other as it is. */
export async function seed(): Promise<void> {
  const isEmpty = (await db.selectFrom('users').select('id').limit(1).execute()).length === 0
  if (!isEmpty) return
  const people = [
    ...ACCOUNTS.map((account) => ({ ...account, places: ['northwind', 'harbour'] as const })),
    ...OTHERS.map((person) => ({ ...person, password: null })),
  ].map((person) => ({ ...person, id: randomUUID() }))
  const now = Date.now()
  // Hashed beforehand: a transaction holds the database for as long as it runs.
  const passwords = await Promise.all(
    people.flatMap(({ id, password }) =>
      password === null
        ? []
        : [
            argon2id()
              .hash(password)
              .then((hash) => ({ user: id, hash, changedAt: now })),
          ],
    ),
  )
  await db.transaction().execute(async (trx) => {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('organisations')
      .values([...ORGANISATIONS])
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow()
    // Another demo, started at the same time, was faster.
    if (!numInsertedOrUpdatedRows) return
    await trx
      .insertInto('users')
      .values(
        people.map(({ id, name, email, role, places: [orgId] }) => ({
          id,
          name,
          email,
          emailVerified: now,
          role,
          orgId,
        })),
      )
      .execute()
    await trx.insertInto('passwordHashes').values(passwords).execute()
    await trx
      .insertInto('memberships')
      .values(people.flatMap(({ id, places }) => places.map((orgId) => ({ userId: id, orgId }))))
      .execute()
  })
}
