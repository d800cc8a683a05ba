import type { AdapterUser } from '@latchkey/core'
import { copyAccounts } from './accounts.ts'
import { copyUser } from './copy-user.ts'
import type { Shared } from './shared.ts'

/** What {@link TakeOver.copy} takes. */
export interface CopyOptions {
  /** How many users are read at a time. @default 500 */
  readonly batchSize?: number
}

/** What was copied. */
export interface CopyResult {
  /** How many users the old table has. */
  readonly users: number
  /** How many accounts were added to ours. */
  readonly accounts: number
  /** How many users were deleted from ours, because they are no longer in the old table. */
  readonly deleted: number
  /**
   * The ids of users whose address somebody else has too, but for the case of its letters. Their copies have no address: they sign in with
   * their account at a provider. Give one of the two another address.
   */
  readonly twins: readonly string[]
}

/** How many users are copied at a time. */
const AT_ONCE = 8

/** @param alsoCopy what else is copied of each user */
export async function copy(
  shared: Shared,
  { batchSize = 500 }: CopyOptions,
  alsoCopy: (userId: string) => Promise<unknown>,
): Promise<CopyResult> {
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new TypeError('batchSize: write a whole number above 0')
  if (await shared.users.isEmpty())
    throw new Error('the old table of users is empty: it is another one, or there is nothing to take over')
  const result = { users: 0, accounts: 0, twins: [] as string[] }
  for await (const page of pages((after) => shared.users.page(after, batchSize))) {
    await inGroups(page, async ({ id }) => {
      const copied = await copyUser(shared, id)
      if (!copied) return
      if (copied.isTwin) result.twins.push(id)
      result.accounts += await copyAccounts(shared, id)
      await alsoCopy(id)
    })
    result.users += page.length
  }
  return { ...result, deleted: await deleteGone(shared, batchSize) }
}

/** Whoever isn't in the old table was deleted there. */
async function deleteGone(shared: Shared, batchSize: number): Promise<number> {
  let deleted = 0
  for await (const page of pages((after) => shared.ourUsers(after, batchSize))) {
    await inGroups(page, async ({ id }) => {
      if (await shared.users.byId(id)) return
      await shared.base.deleteUser(id)
      deleted++
    })
  }
  return deleted
}

async function* pages<TRow extends Pick<AdapterUser, 'id'>>(read: (after: string | null) => Promise<readonly TRow[]>) {
  for (let page = await read(null); page.length > 0; page = await read(page.at(-1)?.id ?? null)) yield page
}

async function inGroups<T>(rows: readonly T[], work: (row: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < rows.length; at += AT_ONCE) await Promise.all(rows.slice(at, at + AT_ONCE).map(work))
}
