import { db } from './db.ts'

export interface Person {
  readonly id: string
  readonly name: string | null
  readonly email: string | null
  readonly role: string
}

/** Everybody in an organisation, for somebody who belongs to it: an id in a session is no proof that they still do. */
export async function listColleagues(userId: string, orgId: string | undefined): Promise<readonly Person[]> {
  if (orgId === undefined) return []
  return db
    .selectFrom('users')
    .innerJoin('memberships as theirs', 'theirs.userId', 'users.id')
    .innerJoin('memberships as own', 'own.orgId', 'theirs.orgId')
    .select(['users.id', 'users.name', 'users.email', 'users.role'])
    .where('theirs.orgId', '=', orgId)
    .where('own.userId', '=', userId)
    .orderBy('users.name')
    .execute()
}

/** Everybody, with the organisations they belong to. */
export async function listPeople(): Promise<readonly (Person & { readonly organisations: readonly string[] })[]> {
  const people = await db.selectFrom('users').select(['id', 'name', 'email', 'role']).orderBy('name').execute()
  const places = await db
    .selectFrom('memberships')
    .innerJoin('organisations', 'organisations.id', 'memberships.orgId')
    .select(['memberships.userId', 'organisations.name'])
    .orderBy('organisations.name')
    .execute()
  return people.map((person) => ({
    ...person,
    organisations: places.filter(({ userId }) => userId === person.id).map(({ name }) => name),
  }))
}
