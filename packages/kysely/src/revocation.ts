import type { CompleteAdapter } from '@latchkey/core'
import { hasWritten, type Param, prepare } from './prepare.ts'
import { toMilliseconds } from './rows/instants.ts'
import { isStorable } from './rows/text.ts'
import type { Store } from './store.ts'

type RevocationMethods = Pick<CompleteAdapter, 'revokeSession' | 'revokeSessions'>

/** A revoked row stays as a tombstone until it expires: what was copied from the session can't bring it back. */
export function revocationMethods(store: Store): RevocationMethods {
  const revokeOne = prepareRevokeOne(store)
  const revokeAll = store.dialect === 'mysql' ? revokeOneByOne(store, revokeOne) : revokeAtOnce(store)
  return {
    revokeSession: async ({ id, userId, now }) =>
      isStorable(id) && isStorable(userId) && hasWritten(await revokeOne({ id, userId, now: toMilliseconds(now) })),
    revokeSessions: async ({ userId, except = NO_ID, now }) =>
      isStorable(userId)
        ? revokeAll({ userId, except: isStorable(except) ? except : NO_ID, now: toMilliseconds(now) })
        : [],
  }
}

/** No session has it. */
const NO_ID = ''

interface One {
  readonly id: string
  readonly userId: string
  readonly now: number
}

interface All {
  readonly userId: string
  readonly except: string
  readonly now: number
}

function prepareRevokeOne({ db, tables }: Store) {
  return prepare(db, (param: Param<One>) =>
    db
      .updateTable(tables.sessions)
      .set({ revoked_at: param('now') })
      .where('id', '=', param('id'))
      .where('user_id', '=', param('userId'))
      .where('revoked_at', 'is', null)
      .where('expires', '>', param('now')),
  )
}

function revokeAtOnce({ db, tables }: Store) {
  const revoke = prepare(db, (param: Param<All>) =>
    db
      .updateTable(tables.sessions)
      .set({ revoked_at: param('now') })
      .where('user_id', '=', param('userId'))
      .where('id', '<>', param('except'))
      .where('revoked_at', 'is', null)
      .where('expires', '>', param('now'))
      .returning('id'),
  )
  return async (all: All) => (await revoke(all)).rows.map(({ id }) => id)
}

/**
 * MySQL's UPDATE can't say which rows it changed. So each is ended by itself, and only what this call ended is answered; again,
 * until none is left, for one may have begun meanwhile.
 */
function revokeOneByOne({ db, tables }: Store, revokeOne: ReturnType<typeof prepareRevokeOne>) {
  const live = prepare(db, (param: Param<All>) =>
    db
      .selectFrom(tables.sessions)
      .select('id')
      .where('user_id', '=', param('userId'))
      .where('id', '<>', param('except'))
      .where('revoked_at', 'is', null)
      .where('expires', '>', param('now')),
  )
  return async (all: All) => {
    const { userId, now } = all
    const ended: string[] = []
    for (let { rows } = await live(all); rows.length > 0; { rows } = await live(all)) {
      for (const { id } of rows) if (hasWritten(await revokeOne({ id, userId, now }))) ended.push(id)
    }
    return ended
  }
}
