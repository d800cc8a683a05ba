import type { CompleteAdapter } from '@latchkey/core'
import { type Param, prepare, prepareUnnamed } from './prepare.ts'
import { toMilliseconds } from './rows/instants.ts'
import { isStorable } from './rows/text.ts'
import { isText } from './same-text.ts'
import type { Store } from './store.ts'
import { countAffected } from './writes.ts'

type ExpiryMethods = Pick<CompleteAdapter, 'deleteSession' | 'deleteExpired'>

/** How many rows are deleted at once by default: few enough that no lock is held for long. */
const DEFAULT_LIMIT = 1_000

export function expiryMethods(store: Store): ExpiryMethods {
  const { db, tables, dialect } = store
  const deleteOne = prepare(db, (param: Param<{ sessionToken: string; now: number }>) =>
    db
      .deleteFrom(tables.sessions)
      .where(isText(dialect, 'session_token', param('sessionToken')))
      .where('expires', '<=', param('now')),
  )
  const { expiredSessions, expiredTokens } = dialect === 'mysql' ? deleteInOrder(store) : deleteChosen(store)
  return {
    deleteSession: async (sessionToken, now = new Date()) => {
      if (isStorable(sessionToken)) await deleteOne({ sessionToken, now: toMilliseconds(now) })
    },
    deleteExpired: async ({ now, limit = DEFAULT_LIMIT }) => {
      const before = toMilliseconds(now)
      const sessions = await expiredSessions({ now: before, limit })
      if (sessions >= limit) return sessions
      return sessions + (await expiredTokens({ now: before, limit: limit - sessions }))
    },
  }
}

interface Batch {
  readonly now: number
  readonly limit: number
}

function deleteInOrder({ db, tables }: Store) {
  const sessions = prepare(db, (param: Param<Batch>) =>
    db.deleteFrom(tables.sessions).where('expires', '<=', param('now')).orderBy('expires').limit(param('limit')),
  )
  const tokens = prepare(db, (param: Param<Batch>) =>
    db
      .deleteFrom(tables.verification_tokens)
      .where('expires', '<=', param('now'))
      .orderBy('expires')
      .limit(param('limit')),
  )
  return {
    expiredSessions: async (batch: Batch) => countAffected((await sessions(batch)).numAffectedRows),
    expiredTokens: async (batch: Batch) => countAffected((await tokens(batch)).numAffectedRows),
  }
}

/**
 * PostgreSQL's and most SQLites' DELETE takes no limit. The condition is asked again of what was chosen: it may have changed. A row that
 * another transaction holds is left for the next batch, so two of them never wait for each other.
 *
 * Without names: PostgreSQL plans a statement that it keeps for a limit it doesn't know, and would read all expired rows for each batch.
 */
function deleteChosen({ db, tables, dialect }: Store) {
  const canLock = dialect === 'postgres'
  const sessions = prepareUnnamed(db, (param: Param<Batch>) =>
    db
      .deleteFrom(tables.sessions)
      .where('expires', '<=', param('now'))
      .where('id', 'in', (chosen) =>
        chosen
          .selectFrom(tables.sessions)
          .select('id')
          .where('expires', '<=', param('now'))
          .orderBy('expires')
          .limit(param('limit'))
          .$if(canLock, (query) => query.forUpdate().skipLocked()),
      )
      .returning('expires'),
  )
  const tokens = prepareUnnamed(db, (param: Param<Batch>) =>
    db
      .deleteFrom(tables.verification_tokens)
      .where('expires', '<=', param('now'))
      .where(({ eb, refTuple, selectFrom }) =>
        eb(
          refTuple('identifier', 'token'),
          'in',
          selectFrom(tables.verification_tokens)
            .select(['identifier', 'token'])
            .where('expires', '<=', param('now'))
            .orderBy('expires')
            .limit(param('limit'))
            .$if(canLock, (query) => query.forUpdate().skipLocked())
            .$asTuple('identifier', 'token'),
        ),
      )
      .returning('expires'),
  )
  // What is returned is counted: not every driver counts.
  return {
    expiredSessions: async (batch: Batch) => (await sessions(batch)).rows.length,
    expiredTokens: async (batch: Batch) => (await tokens(batch)).rows.length,
  }
}
