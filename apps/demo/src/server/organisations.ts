import { db } from './db.ts'

export interface Organisation {
  readonly id: string
  readonly name: string
}

/** The organisation if the person belongs to it, else null. */
export async function findMembership(userId: string, orgId: unknown): Promise<Organisation | null> {
  if (typeof orgId !== 'string') return null
  const organisations = await listOrganisations(userId)
  return organisations.find(({ id }) => id === orgId) ?? null
}

/** The organisations that a person belongs to, by name. */
export function listOrganisations(userId: string): Promise<Organisation[]> {
  return db
    .selectFrom('organisations')
    .innerJoin('memberships', 'memberships.orgId', 'organisations.id')
    .select(['organisations.id', 'organisations.name'])
    .where('memberships.userId', '=', userId)
    .orderBy('organisations.name')
    .execute()
}

export async function findOrganisation(id: string | undefined): Promise<Organisation | null> {
  if (id === undefined) return null
  const found = await db.selectFrom('organisations').selectAll().where('id', '=', id).executeTakeFirst()
  return found ?? null
}
