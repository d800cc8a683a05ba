import { type Column, instant, type Row, type Table, table, type TableSpec, text, user } from '@latchkey/core'
import type { TakeOverStage } from '../take-over/shared.ts'
import type { TheirPasswords } from './passwords.ts'

type HashColumns = { readonly user: Column<string>; readonly hash: Column<string>; readonly changedAt: Column<Date> }
type HashSpec = TableSpec<HashColumns, readonly [readonly ['user']]>

/** The table of `@latchkey/password`, as that package describes it. */
export const HASHES = 'password_hashes'
export const hashSpec: HashSpec = table({ user: user(), hash: text(), changedAt: instant() }, { unique: [['user']] })
export type Hashes = Table<HashSpec>

/** What better-auth makes by itself: `<salt in hex>:<key in hex>`. */
const BETTER_AUTH_HASH = /^[0-9a-f]{32}:[0-9a-f]{128}$/

/** What the old app can check. */
export function isReadableThere(hash: string): boolean {
  return BETTER_AUTH_HASH.test(hash)
}

/** The table of hashes, whose rows are also better-auth's. */
export function withTheirPasswords(ours: Hashes, theirs: TheirPasswords, stage: TakeOverStage): Hashes {
  return { ...ours, ...(stage === 'shared' ? shared(ours, theirs) : moved(ours, theirs)) }
}

type Methods = Pick<Hashes, 'get' | 'insert' | 'update' | 'remove'>

/** better-auth's table decides. Only hashes that it can check are written. */
function shared(ours: Hashes, theirs: TheirPasswords): Methods {
  return {
    get: async ({ user }) => {
      const found = await theirs.get(user)
      return found && { user, ...found }
    },
    insert: async (row) => {
      requireReadable(row.hash)
      if (await theirs.get(row.user)) return false
      if (!(await ours.insert(row))) await ours.update({ user: row.user }, row)
      await theirs.insert(row.user, row.hash)
      return true
    },
    update: async (where, changes) => {
      const { user, hash: only } = where
      if (user === undefined || changes.hash === undefined) return ours.update(where, changes)
      // A better hash of the same password has to wait until the old app is off.
      if (isUpgrade(changes) && !isReadableThere(changes.hash)) return 0
      requireReadable(changes.hash)
      const written = await theirs.set(user, changes.hash, only)
      if (written > 0) await ours.update({ user }, changes)
      return written
    },
    remove: (where) => removeBoth(ours, theirs, where),
  }
}

/** Ours decides. A hash that better-auth can't check replaces none of its: after going back, the person asks for a new password there. */
function moved(ours: Hashes, theirs: TheirPasswords): Methods {
  return {
    get: async ({ user }) => (await ours.get({ user })) ?? takeOver(ours, theirs, user),
    insert: async (row) => {
      if (!(await ours.insert(row))) return false
      if (isReadableThere(row.hash) && !(await theirs.get(row.user))) await theirs.insert(row.user, row.hash)
      return true
    },
    update: async (where, changes) => {
      const written = await ours.update(where, changes)
      if (written === 0 || where.user === undefined || changes.hash === undefined) return written
      if (isReadableThere(changes.hash)) await theirs.set(where.user, changes.hash)
      else if (!isUpgrade(changes)) await theirs.remove(where.user)
      return written
    },
    remove: (where) => removeBoth(ours, theirs, where),
  }
}

/** A change of the password says when; a better hash of the same password doesn't. */
function isUpgrade({ changedAt }: Partial<Row<HashSpec>>): boolean {
  return changedAt === undefined
}

function requireReadable(hash: string): void {
  if (isReadableThere(hash)) return
  throw new TypeError(
    "better-auth can't check this hash: while its app serves too, write password({ hasher: betterAuth(), … }) with betterAuth of @latchkey/password/legacy",
  )
}

async function removeBoth(
  ours: Hashes,
  theirs: TheirPasswords,
  where: Parameters<Hashes['remove']>[0],
): Promise<number> {
  if (where.user !== undefined) await theirs.remove(where.user)
  return ours.remove(where)
}

async function takeOver(ours: Hashes, theirs: TheirPasswords, user: string): Promise<Row<HashSpec> | null> {
  const found = await theirs.get(user)
  if (!found) return null
  await ours.insert({ user, ...found })
  return ours.get({ user })
}

/** Makes our hash of a user that of better-auth; once ours decides, only if we have none. */
export async function copyHash(
  ours: Hashes,
  theirs: TheirPasswords,
  stage: TakeOverStage,
  user: string,
): Promise<void> {
  const [old, own] = await Promise.all([theirs.get(user), ours.get({ user })])
  if (old && !own) await ours.insert({ user, ...old })
  if (stage === 'moved' || !own || own.hash === old?.hash) return
  if (old) await ours.update({ user }, old)
  else await ours.remove({ user })
}
