import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  RawNode,
  SelectQueryNode,
  ValueNode,
} from 'kysely'
import { nameOf } from '../../statement-name.ts'
import { isBusy } from './busy.ts'
import { isInTransaction, type SqliteDatabase } from './database.ts'
import { keepStatements, type Statements } from './statements.ts'
import { createTurns, type Turns } from './turns.ts'

/** How long a statement waits for another process that holds the lock, in milliseconds. */
const BUSY_TIMEOUT = 5_000

/**
 * Drives one connection. A driver of SQLite waits for a lock by blocking the thread, and with it every other request of the
 * process; this one tries again after a pause, in which others may use the connection.
 */
export function createSqliteDriver(database: SqliteDatabase): Driver {
  const turns = createTurns()
  const statements = keepStatements(database)
  const connection = createConnection(database, statements, turns)
  const ready = Promise.resolve(connection)
  const run = (text: string) => connection.executeQuery(CompiledQuery.raw(text))
  return {
    init: async () => {
      await turns.take()
      try {
        for (const pragma of PRAGMAS) await run(`pragma ${pragma}`)
      } finally {
        turns.giveBack()
      }
    },
    acquireConnection: () => turns.take()?.then(() => connection) ?? ready,
    releaseConnection: () => {
      turns.giveBack()
      return DONE
    },
    beginTransaction: async () => void (await run('begin')),
    commitTransaction: async () => void (await run('commit')),
    rollbackTransaction: async () => void (await run('rollback')),
    savepoint: async (_connection, name) => void (await run(`savepoint ${quote(name)}`)),
    rollbackToSavepoint: async (_connection, name) => void (await run(`rollback to ${quote(name)}`)),
    releaseSavepoint: async (_connection, name) => void (await run(`release ${quote(name)}`)),
    destroy: async () => {
      statements.clear()
      database.close()
    },
  }
}

const DONE = Promise.resolve()

/** The driver's own waiting is turned off first: it would block the thread. Changing the journal needs the lock. */
const PRAGMAS = ['busy_timeout = 0', 'journal_mode = wal', 'foreign_keys = on']

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function createConnection(database: SqliteDatabase, statements: Statements, turns: Turns): DatabaseConnection {
  return {
    executeQuery: <R>(query: CompiledQuery) => {
      const isLocked = isWrite(query) && canLock(database)
      const result = isLocked ? write(database, statements, turns, query) : runWhenFree(statements, query)
      return result as Promise<QueryResult<R>> // the rows that the query's builder promises
    },
    streamQuery: async function* <R>({ sql, parameters, query }: CompiledQuery) {
      if (!SelectQueryNode.is(query)) throw new Error('SQLite streams the rows of a select only')
      for (const row of statements.prepare(sql).iterate(parameters)) yield { rows: [row as R] } // as above
    },
  }
}

/** A statement of the app's own text may be anything: it runs as it is. */
function isWrite({ query }: CompiledQuery): boolean {
  return !SelectQueryNode.is(query) && !RawNode.is(query)
}

/** In the middle of a transaction the lock is its own matter. */
function canLock(database: SqliteDatabase): boolean {
  return database.exec !== undefined && !isInTransaction(database)
}

/**
 * Takes the lock before it runs the write. A statement of libsql that found the database locked would stay unfinished, and no
 * other could commit. If the lock is free all of it is done at once: other code of the app that has the same database finds no
 * transaction open.
 */
function write(database: SqliteDatabase, statements: Statements, turns: Turns, query: CompiledQuery) {
  const lend = async () => {
    turns.giveBack()
    await pause()
    await turns.take()
  }
  const attempt = () => {
    database.exec?.('begin immediate')
    return runLocked(database, statements, query)
  }
  return untilFree(attempt, lend)
}

async function runLocked(database: SqliteDatabase, statements: Statements, query: CompiledQuery) {
  try {
    const result = execute(statements, query)
    await untilFree(() => database.exec?.('commit'), pause)
    return result
  } catch (error) {
    if (isInTransaction(database)) database.exec?.('rollback')
    throw error
  }
}

/** Most find the lock free, above all those that read: those are not suspended. */
function runWhenFree(statements: Statements, query: CompiledQuery): Promise<QueryResult<unknown>> {
  try {
    return Promise.resolve(execute(statements, query))
  } catch (error) {
    return isBusy(error) ? untilFree(() => execute(statements, query), pause) : Promise.reject(error)
  }
}

function execute(statements: Statements, query: CompiledQuery): QueryResult<unknown> {
  const { sql, parameters } = query
  const statement = statements.prepare(sql)
  if (isOurs(query) && hasOneRow(query)) return { rows: statement.first(parameters) }
  if (statement.returnsRows) return { rows: statement.all(parameters) }
  const { changes, lastInsertRowid } = statement.run(parameters)
  return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
}

/** The app's own may be about any tables. */
function isOurs(query: CompiledQuery): boolean {
  return nameOf(query) !== undefined
}

/** Whether it is a select with `limit(1)`. */
function hasOneRow({ query }: CompiledQuery): boolean {
  const limit = SelectQueryNode.is(query) ? query.limit?.limit : undefined
  return limit !== undefined && ValueNode.is(limit) && limit.value === 1
}

/** Tries until no other process holds the lock, at once for the first time. What an attempt rejects with later is final. */
async function untilFree<T>(attempt: () => T | Promise<T>, wait: () => Promise<void>): Promise<T> {
  for (const start = performance.now(); ; await wait()) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error) || performance.now() - start > BUSY_TIMEOUT) throw error
    }
  }
}

/** Short, for between two writes of a busy process the lock is free for a moment only; not always the same, for others wait too. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 3))
}
