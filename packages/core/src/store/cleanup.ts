import type { Adapter, SessionAdapter } from './adapter.ts'
import type { Logger } from '../internal/logger.ts'
import { unref } from '../internal/unref.ts'
import type { Table, TableSpec, TableStore } from './tables/table.ts'

/** Milliseconds between two batches, to leave the database time for other work. */
const PAUSE = 200
/** Milliseconds after which a run that stopped half-way, as a Worker's does with its request, is taken up again. */
const LEASE = 30_000
/** Milliseconds that a row stays beyond its end: the clock of another instance may be behind. */
const ALLOWANCE = 60_000

const IDENTIFIER = 'latchkey.cleanup'

/** How expired rows are deleted. `every` in milliseconds. */
export interface CleanupSettings {
  readonly every: number
  readonly batch: number
}

/** What deleting expired rows needs. */
export interface CleanupParts {
  readonly settings: CleanupSettings
  readonly clock: () => Date
  readonly logger: Logger
  /** Aborted when the engine is closed: no run begins any more, and one that is under way ends with its batch. */
  readonly closed: AbortSignal
}

interface Cleaner extends CleanupParts {
  readonly store: Pick<SessionAdapter, 'deleteExpired' | 'createVerificationToken'>
  /** When the next write may begin a run, in milliseconds since the epoch. */
  nextAt: number
  /** The slot of time that this instance cleans up in. */
  slot: number
  hasFailed: boolean
}

/**
 * The same adapter, which deletes expired rows now and then: a write that makes rows begins it, in the background, and waits for nothing
 * of it.
 */
export function withCleanup(adapter: SessionAdapter, parts: CleanupParts): SessionAdapter {
  const cleaner = createCleaner(adapter, parts)
  return {
    ...adapter,
    createSession: async (session) => {
      await adapter.createSession(session)
      beginIfDue(cleaner)
    },
    rotateSession: async (rotation) => {
      const rotated = await adapter.rotateSession(rotation)
      beginIfDue(cleaner)
      return rotated
    },
    ...(adapter.createVerificationToken && {
      createVerificationToken: async (token) => {
        const created = await adapter.createVerificationToken?.(token)
        beginIfDue(cleaner)
        return created
      },
    }),
    ...(adapter.table && { table: openWithCleanup(adapter, cleaner) }),
  }
}

/** The same for what keeps the tables of plug-ins beside an adapter. */
export function withTableCleanup(store: TableStore, parts: CleanupParts): TableStore {
  // Each instance cleans up: what expires elsewhere is not listed here.
  const cleaner = createCleaner({ deleteExpired: store.deleteExpired }, parts)
  return { ...store, table: openWithCleanup(store, cleaner) }
}

function createCleaner(store: Cleaner['store'], parts: CleanupParts): Cleaner {
  return { ...parts, store, nextAt: 0, slot: -1, hasFailed: false }
}

/** Opens tables whose new rows begin it, if they expire. */
function openWithCleanup(store: Pick<Adapter, 'table'>, cleaner: Cleaner): TableStore['table'] {
  return (name, spec) => {
    const table = store.table?.(name, spec)
    if (!table) throw new TypeError('adapter: table() has opened nothing')
    return spec.expires === null ? table : beginWithRows(table, cleaner)
  }
}

function beginWithRows<TSpec extends TableSpec>(table: Table<TSpec>, cleaner: Cleaner): Table<TSpec> {
  return {
    ...table,
    insert: async (row) => {
      const isWritten = await table.insert(row)
      beginIfDue(cleaner)
      return isWritten
    },
    increment: async (row, column, by) => {
      const value = await table.increment(row, column, by)
      beginIfDue(cleaner)
      return value
    },
    incrementWithin: async (row, column, step) => {
      const value = await table.incrementWithin(row, column, step)
      beginIfDue(cleaner)
      return value
    },
  }
}

function beginIfDue(cleaner: Cleaner): void {
  const now = cleaner.clock().getTime()
  if (now < cleaner.nextAt || cleaner.closed.aborted) return
  cleaner.nextAt = now + LEASE
  void run(cleaner, Math.floor(now / cleaner.settings.every))
}

/** Deletes in batches until nothing is left. What fails is tried again in the next slot. */
async function run(cleaner: Cleaner, slot: number): Promise<void> {
  const { store, settings, clock, logger, closed } = cleaner
  const limit = settings.batch
  try {
    if (await claimSlot(cleaner, slot)) {
      while ((await store.deleteExpired({ now: new Date(clock().getTime() - ALLOWANCE), limit })) >= limit) {
        if (closed.aborted) return
        cleaner.nextAt = clock().getTime() + LEASE
        await pause()
      }
    }
    cleaner.hasFailed = false
  } catch (error) {
    // An app that has closed the engine may close its database too.
    if (!cleaner.hasFailed && !closed.aborted)
      logger.error('expired rows could not be deleted; it is tried again later', error)
    cleaner.hasFailed = true
  }
  cleaner.nextAt = (slot + 1) * settings.every
}

/** Of many instances the one that can make the row of this slot cleans up. A store that keeps no such rows is cleaned up by each. */
async function claimSlot(cleaner: Cleaner, slot: number): Promise<boolean> {
  const { store, settings } = cleaner
  if (cleaner.slot === slot || !store.createVerificationToken) return true
  const expires = new Date((slot + 1) * settings.every)
  try {
    await store.createVerificationToken({ identifier: IDENTIFIER, token: String(slot), expires })
  } catch {
    // The row is there, or the store is down: then the requests say so.
    return false
  }
  cleaner.slot = slot
  return true
}

/** Doesn't keep a process alive that has nothing else to do. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    unref(setTimeout(resolve, PAUSE))
  })
}
