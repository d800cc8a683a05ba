import type { CompleteAdapter } from '@latchkey/core'
import type { ExpressionBuilder } from 'kysely'
import type { AuthDatabase } from './database.ts'
import { hasWritten, type Param, prepare } from './prepare.ts'
import { toMilliseconds } from './rows/instants.ts'
import { fromClaims, SESSION_COLUMNS, toSession, toSessionAndUser, toSessionColumns } from './rows/session-row.ts'
import { isStorable } from './rows/text.ts'
import type { Store } from './store.ts'

type SessionMethods = Pick<
  CompleteAdapter,
  'createSession' | 'getSessionAndUser' | 'listSessions' | 'slideSession' | 'rotateSession' | 'writeSessionClaims'
>

export function sessionMethods(store: Store): SessionMethods {
  const { db, tables } = store
  const { byToken, ofUser } = readQueries(store)
  const { slide, rotate, confirm, writeClaims } = writeQueries(store)
  return {
    createSession: async (session) => {
      await db.insertInto(tables.sessions).values(toSessionColumns(session)).execute()
    },
    getSessionAndUser: async (sessionToken) => {
      if (!isStorable(sessionToken)) return null
      const { rows } = await byToken({ sessionToken })
      // MySQL's comparison forgives trailing spaces.
      const found = rows.find(({ latchkeyToken }) => latchkeyToken === sessionToken)
      return found ? toSessionAndUser(found) : null
    },
    listSessions: async ({ userId, now }) => {
      if (!isStorable(userId)) return []
      const { rows } = await ofUser({ userId, now: toMilliseconds(now) })
      return rows.map(toSession)
    },
    slideSession: async ({ sessionToken, expires, lastSeenAt }) =>
      isStorable(sessionToken) &&
      hasWritten(await slide({ sessionToken, expires: toMilliseconds(expires), now: toMilliseconds(lastSeenAt) })),
    rotateSession: async ({ sessionToken, from, to, expires, now }) => {
      if (!isStorable(sessionToken)) return false
      const row = { sessionToken, from, expires: toMilliseconds(expires), now: toMilliseconds(now) }
      return hasWritten(from === to ? await confirm(row) : await rotate({ ...row, to }))
    },
    writeSessionClaims: async ({ sessionToken, revision, claims }) =>
      isStorable(sessionToken) &&
      hasWritten(await writeClaims({ sessionToken, revision, next: revision + 1, claims: fromClaims(claims) })),
  }
}

function readQueries({ db, tables }: Store) {
  return {
    byToken: prepare(db, (param: Param<{ sessionToken: string }>) =>
      db
        .selectFrom(`${tables.sessions} as s`)
        .innerJoin(`${tables.users} as u`, 'u.id', 's.user_id')
        .select(SESSION_COLUMNS)
        .selectAll('u')
        .where('s.session_token', '=', param('sessionToken')),
    ),
    ofUser: prepare(db, (param: Param<{ userId: string; now: number }>) =>
      db
        .selectFrom(`${tables.sessions} as s`)
        .select(SESSION_COLUMNS)
        .where('s.user_id', '=', param('userId'))
        .where('s.revoked_at', 'is', null)
        .where('s.expires', '>', param('now'))
        .orderBy('s.created_at', 'desc')
        .orderBy('s.id', 'desc'),
    ),
  }
}

interface Rotation {
  readonly sessionToken: string
  readonly from: number
  readonly expires: number
  readonly now: number
}

/** The condition of each stands in its statement: of many at once, one finds the row as it expects it. */
function writeQueries({ db, tables }: Store) {
  const sessions = () => db.updateTable(tables.sessions).where('revoked_at', 'is', null)
  return {
    slide: prepare(db, (param: Param<{ sessionToken: string; expires: number; now: number }>) =>
      sessions()
        .set({ expires: param('expires'), last_seen_at: param('now') })
        .where('session_token', '=', param('sessionToken'))
        .where('expires', '<', param('expires'))
        .where('expires', '>', param('now')),
    ),
    rotate: prepare(db, (param: Param<Rotation & { readonly to: number }>) =>
      sessions()
        .set((row) => ({ ...seen(row, param), generation: param('to'), rotated_at: param('now') }))
        .where('session_token', '=', param('sessionToken'))
        .where('generation', '=', param('from'))
        .where('expires', '>', param('now')),
    ),
    confirm: prepare(db, (param: Param<Rotation>) =>
      sessions()
        .set((row) => seen(row, param))
        .where('session_token', '=', param('sessionToken'))
        .where('generation', '=', param('from'))
        .where('expires', '>', param('now')),
    ),
    writeClaims: prepare(db, (param: Param<{ sessionToken: string; revision: number; next: number; claims: string }>) =>
      sessions()
        .set({ claims: param('claims'), revision: param('next') })
        .where('session_token', '=', param('sessionToken'))
        .where('revision', '=', param('revision')),
    ),
  }
}

/** A refresh extends a session and never shortens it. */
function seen(row: ExpressionBuilder<AuthDatabase, 'sessions'>, param: Param<Rotation>) {
  const expires = param('expires')
  const later = row.case().when('expires', '<', expires).then(expires).else(row.ref('expires')).end().$castTo<number>()
  return { expires: later, last_seen_at: param('now') }
}
