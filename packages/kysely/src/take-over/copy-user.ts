import type { AdapterUser } from '@latchkey/core'
import type { Shared } from './shared.ts'
import { toEmailKey } from '../rows/text.ts'

/** A user who was copied. */
export interface CopiedUser {
  readonly user: AdapterUser
  /** Whether somebody else has the same address but for the case of its letters, so that this copy has none. */
  readonly isTwin: boolean
}

/** How often a row is read again that changes all the time. */
const MAX_ROUNDS = 10

/**
 * Brings our copy of a user up to date with the old table, and returns it; null if there is no such user there.
 *
 * Both are read again after every write: the old table is always written first, so a copy that equals it afterwards has lost no write,
 * whoever else copied or wrote meanwhile.
 */
export async function copyUser(shared: Shared, id: string): Promise<CopiedUser | null> {
  let isTwin = false
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const [theirs, ours] = await Promise.all([shared.users.byId(id), shared.base.getUser(id)])
    if (!theirs) return null
    const meant = isTwin ? { ...theirs, email: null } : theirs
    if (ours && isSame(shared, ours, meant)) return { user: ours, isTwin }
    const other: Other = isTwin ? null : await findOther(shared, theirs)
    if (other === 'gone') continue
    isTwin ||= other === 'twin'
    await write(shared, ours, isTwin ? { ...theirs, email: null } : theirs)
  }
  throw new Error('the row of a user has changed too often while it was copied')
}

function fieldsOf({ their }: Shared): readonly string[] {
  return ['name', 'email', 'image', 'emailVerified', ...their.userColumns]
}

function isSame(shared: Shared, ours: AdapterUser, theirs: AdapterUser): boolean {
  return fieldsOf(shared).every((field) => isSameValue(ours[field] ?? null, theirs[field] ?? null))
}

function isSameValue(one: unknown, other: unknown): boolean {
  // To the second: some of their columns keep no more.
  if (one instanceof Date && other instanceof Date) return Math.abs(one.getTime() - other.getTime()) < 1_000
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}

type Other = 'gone' | 'twin' | null

/**
 * Whoever has the address in our table. An outdated copy is brought up to date or deleted first (`'gone'`); `'twin'`: there are two users
 * whose addresses differ by case, which their table allows and ours doesn't.
 */
async function findOther(shared: Shared, { id, email }: AdapterUser): Promise<Other> {
  const other = await findOwner(shared, { email })
  if (!other || other.id === id) return null
  const theirs = await shared.users.byId(other.id)
  if (!theirs) await shared.base.deleteUser(other.id)
  else if (toEmailKey(theirs.email ?? '') === toEmailKey(email ?? '')) return 'twin'
  else await copyUser(shared, other.id)
  return 'gone'
}

/** Whose address it is in our table. */
async function findOwner({ base }: Shared, { email }: Pick<AdapterUser, 'email'>): Promise<AdapterUser | null> {
  return email ? base.getUserByEmail(email) : null
}

async function write(shared: Shared, ours: AdapterUser | null, theirs: AdapterUser): Promise<void> {
  try {
    if (ours) await shared.base.updateUser(theirs)
    else await shared.base.createUser(theirs)
  } catch (error) {
    // Another copy may have been faster, of this user or of one with the same address: the next round sees what it wrote.
    const [same, owner] = [await shared.base.getUser(theirs.id), await findOwner(shared, theirs)]
    const isOvertaken = (!ours && same !== null) || (owner !== null && owner.id !== theirs.id)
    if (!isOvertaken) throw error
  }
}
