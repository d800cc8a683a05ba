import type { CompleteAdapter } from '@latchkey/core'
import { type Param, prepare } from './prepare.ts'
import { toMilliseconds } from './rows/instants.ts'
import { isStorable } from './rows/text.ts'
import { isOtherText, isText } from './same-text.ts'
import type { Store } from './store.ts'
import { countAffected, hasWritten } from './writes.ts'

type RevocationMethods = Pick<CompleteAdapter, 'revokeSession' | 'revokeSessions'>

/**
 * A revoked row stays as a tombstone until it expires: what was copied from the session can't bring it back. These writes have no
 * deadline: a session that ends later than its caller waited for has still ended.
 */
export function revocationMethods(store: Store): RevocationMethods {
  const revokeOne = prepareRevokeOne(store)
  const revokeAll = store.dialect === 'mysql' ? revokeAndRead(store) : revokeReturning(store)
  return {
    revokeSession: async ({ id, userId, now }) =>
      isStorable(id) && isStorable(userId) && revokeOne({ id, userId, now: toMilliseconds(now) }),
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

function prepareRevokeOne({ db, tables, dialect }: Store) {
  const revoke = prepare(db, (param: Param<One>) =>
    db
      .updateTable(tables.sessions)
      .set({ revoked_at: param('now') })
      .where(isText(dialect, 'id', param('id')))
      .where(isText(dialect, 'user_id', param('userId')))
      .where('revoked_at', 'is', null)
      .where('expires', '>', param('now'))
      .$if(dialect === 'postgres', (query) => query.returning('id')),
  )
  return async (one: One) => hasWritten(dialect, await revoke(one))
}

/** One statement, however many there are, so that a timeout can't leave some of them. */
function buildRevokeAll({ db, tables, dialect }: Store) {
  return (param: Param<All>) =>
    db
      .updateTable(tables.sessions)
      .set({ revoked_at: param('now') })
      .where(isText(dialect, 'user_id', param('userId')))
      .where(isOtherText(dialect, 'id', param('except')))
      .where('revoked_at', 'is', null)
      .where('expires', '>', param('now'))
}

function revokeReturning(store: Store) {
  const build = buildRevokeAll(store)
  const revoke = prepare(store.db, (param: Param<All>) => build(param).returning('id'))
  return async (all: All) => (await revoke(all)).rows.map(({ id }) => id)
}

/**
 * MySQL's UPDATE can't return which rows it changed. They are those that end at this very moment; among them may be one that
 * another call ended in the same millisecond, but only if this one ended any.
 */
function revokeAndRead(store: Store) {
  const { db, tables, dialect } = store
  const revoke = prepare(db, buildRevokeAll(store))
  const ended = prepare(db, (param: Param<All>) =>
    db
      .selectFrom(tables.sessions)
      .select('id')
      .where(isText(dialect, 'user_id', param('userId')))
      .where(isOtherText(dialect, 'id', param('except')))
      .where('revoked_at', '=', param('now'))
      .where('expires', '>', param('now')),
  )
  return async (all: All) => {
    if (countAffected((await revoke(all)).numAffectedRows) === 0) return []
    return (await ended(all)).rows.map(({ id }) => id)
  }
}
