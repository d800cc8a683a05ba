import type { CompleteAdapter, SessionAndUser } from '@latchkey/core'
import { type ExpressionBuilder, sql } from 'kysely'
import { databaseTime } from './clock/database-time.ts'
import { prepareCreateSession } from './create-session.ts'
import type { AuthDatabase } from './database.ts'
import { type Param, prepare } from './prepare.ts'
import { toMilliseconds } from './rows/instants.ts'
import { fromClaims, SESSION_COLUMNS, toSession, toSessionAndUser, toSessionColumns } from './rows/session-row.ts'
import { isStorable } from './rows/text.ts'
import { isText } from './same-text.ts'
import type { Store } from './store.ts'
import { type InTime, prepareWrite } from './writes.ts'

type SessionMethods = Pick<
  CompleteAdapter,
  'createSession' | 'getSessionAndUser' | 'listSessions' | 'slideSession' | 'rotateSession' | 'writeSessionClaims'
>

export function sessionMethods(store: Store): SessionMethods {
  const { byToken, ofUser } = readQueries(store)
  const { slide, rotate, confirm, writeClaims } = writeQueries(store)
  const create = prepareCreateSession(store)
  return {
    createSession: async (session) => create(toSessionColumns(session)),
    getSessionAndUser: async (sessionToken) => {
      if (!isStorable(sessionToken)) return null
      const { rows } = await byToken({ sessionToken })
      // MySQL's comparison forgives trailing spaces.
      const row = rows.find(({ latchkeyToken }) => latchkeyToken === sessionToken)
      if (!row) return null
      const found: SessionAndUser = toSessionAndUser(row)
      if (row.latchkeyNow !== undefined) store.clock.note(Number(row.latchkeyNow))
      return found
    },
    listSessions: async ({ userId, now }) => {
      if (!isStorable(userId)) return []
      const { rows } = await ofUser({ userId, now: toMilliseconds(now) })
      return rows.map(toSession)
    },
    slideSession: async ({ sessionToken, expires, lastSeenAt }) =>
      isStorable(sessionToken) &&
      slide({ sessionToken, expires: toMilliseconds(expires), now: toMilliseconds(lastSeenAt) }),
    rotateSession: async ({ sessionToken, from, to, expires, now }) => {
      if (!isStorable(sessionToken)) return false
      const row = { sessionToken, from, expires: toMilliseconds(expires), now: toMilliseconds(now) }
      return from === to ? confirm(row) : rotate({ ...row, to })
    },
    writeSessionClaims: async ({ sessionToken, revision, claims }) =>
      isStorable(sessionToken) &&
      writeClaims({ sessionToken, revision, next: revision + 1, claims: fromClaims(claims) }),
  }
}

function readQueries({ db, tables, dialect }: Store) {
  return {
    byToken: prepare(db, (param: Param<{ sessionToken: string }>) =>
      db
        .selectFrom(`${tables.sessions} as s`)
        .innerJoin(`${tables.users} as u`, 'u.id', 's.user_id')
        .select(SESSION_COLUMNS)
        // SQLite's clock is this machine's.
        .$if(dialect !== 'sqlite', (query) => query.select(databaseTime(dialect).as('latchkeyNow')))
        .selectAll('u')
        .where('s.session_token', '=', param('sessionToken'))
        .$if(dialect === 'sqlite', (query) => query.limit(1)),
    ),
    ofUser: prepare(db, (param: Param<{ userId: string; now: number }>) =>
      db
        .selectFrom(`${tables.sessions} as s`)
        .select(SESSION_COLUMNS)
        .where(isText(dialect, 's.user_id', param('userId')))
        .where('s.revoked_at', 'is', null)
        .where('s.expires', '>', param('now'))
        .orderBy('s.created_at', 'desc')
        .orderBy('s.id', 'desc'),
    ),
  }
}

interface OfSession {
  readonly sessionToken: string
}

interface Slide extends OfSession {
  readonly expires: number
  readonly now: number
}

interface Confirmation extends Slide {
  readonly from: number
}

interface Rotation extends Confirmation {
  readonly to: number
}

interface ClaimsWrite extends OfSession {
  readonly revision: number
  readonly next: number
  readonly claims: string
}

/** The condition of each stands in its statement: of many at once, one finds the row as it expects it. */
function writeQueries(store: Store) {
  const { db, tables, dialect } = store
  const update = (sessionToken: string, { condition, returned }: InTime) =>
    db
      .updateTable(tables.sessions)
      .where(isText(dialect, 'session_token', sessionToken))
      .where('revoked_at', 'is', null)
      .where(condition)
      .$if(dialect === 'postgres', (query) => query.returning(returned.as('latchkeyWritten')))
  return {
    slide: prepareWrite(store, (param: Param<Slide>, inTime) =>
      update(param('sessionToken'), inTime)
        .set({ expires: param('expires'), last_seen_at: param('now') })
        .where('expires', '<', param('expires'))
        .where('expires', '>', param('now')),
    ),
    rotate: prepareWrite(store, (param: Param<Rotation>, inTime) =>
      update(param('sessionToken'), inTime)
        .set((row) => ({ ...seen(row, param), generation: param('to'), rotated_at: rotatedAt(store, param('now')) }))
        .where('generation', '=', param('from'))
        .where('expires', '>', param('now')),
    ),
    confirm: prepareWrite(store, (param: Param<Confirmation>, inTime) =>
      update(param('sessionToken'), inTime)
        .set((row) => seen(row, param))
        .where('generation', '=', param('from'))
        .where('expires', '>', param('now')),
    ),
    writeClaims: prepareWrite(store, (param: Param<ClaimsWrite>, inTime) =>
      update(param('sessionToken'), inTime)
        .set({ claims: param('claims'), revision: param('next') })
        .where('revision', '=', param('revision')),
    ),
  }
}

/** A refresh extends a session and never shortens it. */
function seen(row: ExpressionBuilder<AuthDatabase, 'sessions'>, param: Param<Confirmation>) {
  const expires = param('expires')
  const later = row.case().when('expires', '<', expires).then(expires).else(row.ref('expires')).end().$castTo<number>()
  return { expires: later, last_seen_at: param('now') }
}

/** By the clock that `now` of a look-up is read from: instances compare the two. */
function rotatedAt({ dialect }: Store, now: number) {
  if (dialect === 'sqlite') return now
  const time = sql<number>`floor(${databaseTime(dialect)})`
  return dialect === 'postgres' ? sql<number>`${time}::bigint` : time
}
