import type { CompleteAdapter } from '@latchkey/core'
import { tableName } from '@latchkey/core/store'
import { kyselyAdapter, type KyselyAdapterOptions } from '../adapter.ts'
import { type AnyKysely, asAuthDatabase } from '../database.ts'
import { isText } from '../same-text.ts'
import { readTables } from '../tables.ts'
import { accountMethods } from './accounts.ts'
import { copy, type CopyOptions, type CopyResult } from './copy.ts'
import { endMethods } from './end-sessions.ts'
import { finishSessions, type FinishResult } from './finish.ts'
import { links, type LinkSpec } from './links.ts'
import { sessionMethods } from './sessions.ts'
import type { CookieForm, Shared, TakeOverStage } from './shared.ts'
import { theirAccounts } from './their-accounts.ts'
import { createRowDefaults } from './their-rows.ts'
import { theirSessions } from './their-sessions.ts'
import { openTheir, type TheirLibrary } from './their-tables.ts'
import { theirUsers } from './their-users.ts'
import { userMethods } from './users.ts'

/** What every take-over is told. */
export interface OpenOptions extends KyselyAdapterOptions {
  readonly stage: TakeOverStage
  readonly userColumns?: readonly string[] | undefined
}

const STAGES: readonly unknown[] = ['shared', 'moved', 'finished'] satisfies readonly TakeOverStage[]

/** @throws TypeError if a name of a table or column is wrong, or the stage is */
export function openShared(db: AnyKysely, library: TheirLibrary, cookie: CookieForm, options: OpenOptions): Shared {
  const { stage, userColumns, ...ours } = options
  if (!STAGES.includes(stage)) throw new TypeError("stage: write 'shared', 'moved' or 'finished'")
  const tables = readTables(ours)
  const base = kyselyAdapter(db, ours)
  const their = openTheir(db, library, { ours: tables, userColumns })
  const defaults = createRowDefaults(their)
  return {
    stage,
    base,
    their,
    cookie,
    links: base.table(tableName(ID, 'sessions'), links),
    users: theirUsers(their),
    accounts: theirAccounts(their, defaults),
    sessions: theirSessions(their, defaults),
    ourUsers: async (after, limit) => {
      const query = asAuthDatabase(db).selectFrom(tables.users).select('id').orderBy('id').limit(limit)
      return (after === null ? query : query.where('id', '>', after)).execute()
    },
    setExpires: async (sessionToken, expires) => {
      await asAuthDatabase(db)
        .updateTable(tables.sessions)
        .set({ expires: expires.getTime() })
        .where(isText(their.dialect, 'session_token', sessionToken))
        .where('revoked_at', 'is', null)
        .execute()
    },
  }
}

/** A database of another library that is taken over. */
export interface TakeOver {
  /** With {@link tables} for `migrateToLatest(db, { plugins: [...plugins, takeOver] })`: the table of sessions that both apps know. */
  readonly id: string
  readonly tables: { readonly sessions: LinkSpec }
  /** For `createAuth`. The users, accounts and sessions of the old tables are among its own. */
  readonly adapter: CompleteAdapter
  /**
   * Copies every user with their accounts, and deletes whoever is gone from the old table. Can be run again, also while another instance does, and
   * while both apps serve. Run it once more when the old app is off, before the stage becomes `'moved'`.
   *
   * @throws Error if the old table of users is empty, or the stage is `'finished'`; else the error of the database
   */
  readonly copy: (options?: CopyOptions) => Promise<CopyResult>
  /**
   * The end: copies once more, keeps nothing but the hash of every session, and deletes all sessions from the old table. Deploy with
   * the stage `'finished'` then. Can be run again.
   *
   * @throws Error unless the stage is `'moved'`; else as {@link copy}
   */
  readonly finish: (options?: CopyOptions) => Promise<CopyResult & FinishResult>
}

/** What one library has besides users, accounts and sessions. */
export interface Extension {
  readonly adapter: CompleteAdapter
  readonly copyOf: (userId: string) => Promise<unknown>
}

export function createTakeOver(shared: Shared, { adapter, copyOf }: Extension): TakeOver {
  const { stage } = shared
  const copyAll = async (options: CopyOptions = {}) => {
    if (stage === 'finished') throw new Error("copy: the stage 'finished' no longer uses the old tables")
    return copy(shared, options, copyOf)
  }
  return {
    id: ID,
    tables: { sessions: links },
    adapter,
    copy: copyAll,
    finish: async (options) => {
      if (stage === 'shared')
        throw new Error("finish: the old app may still serve. Turn it off, and deploy with stage: 'moved' first")
      return { ...(await copyAll(options)), ...(await finishSessions(shared)) }
    },
  }
}

/** What the names of a take-over's tables begin with. */
const ID = 'takeOver'

/** Our own adapter, whose users, accounts and sessions are also the old table's. */
export function createAdapter(shared: Shared): CompleteAdapter {
  if (shared.stage === 'finished') return { ...shared.base, readSessionCookie: shared.cookie.read }
  return {
    ...shared.base,
    ...userMethods(shared),
    ...accountMethods(shared),
    ...sessionMethods(shared),
    ...endMethods(shared),
  }
}
