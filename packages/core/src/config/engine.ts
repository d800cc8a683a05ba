import type { AnyOptions } from './options.ts'
import { type Adapter, isSessionAdapter } from '../store/adapter.ts'
import { guardAdapter, guardTableStore } from '../store/guard-adapter.ts'
import { type CleanupParts, withCleanup, withTableCleanup } from '../store/cleanup.ts'
import type { TableStore } from '../store/tables/table.ts'
import { readSettings, type Settings } from './settings.ts'
import { type AnyCallbacks, createEmit, type Emit } from './run-callbacks.ts'
import { createFailureLog } from '../internal/failure-log.ts'
import { createWarnOnce, type WarnOnce } from '../internal/warn-once.ts'

/** What every module of the engine gets: the checked configuration and the app's own functions. */
export interface Engine {
  readonly settings: Settings
  readonly adapter: Adapter | undefined
  /** Keeps the tables of plug-ins, if it isn't the adapter. */
  readonly tables: TableStore | null
  readonly callbacks: AnyCallbacks
  readonly emit: Emit
  /** Aborted by `auth.close()`. */
  readonly closing: AbortController
  /** Logs what a page load would otherwise log thousands of times. */
  readonly warnOnce: WarnOnce
  /** Logs what is a failure of the server, once, however many places see the same error. */
  readonly logFailure: (error: unknown) => void
}

export function createEngine(options: AnyOptions): Engine {
  const settings = readSettings(options)
  warnUncalled(options, settings)
  const closing = new AbortController()
  return {
    settings,
    adapter: options.adapter && openAdapter(options.adapter, settings, closing.signal),
    tables: options.tables ? openTables(options.tables, settings, closing.signal) : null,
    closing,
    callbacks: options.callbacks ?? {},
    emit: createEmit(options.events ?? {}, settings.logger),
    warnOnce: createWarnOnce(settings.logger),
    logFailure: createFailureLog(settings.logger),
  }
}

/** Roles that it sets would have no effect. */
function warnUncalled({ callbacks, tokens }: AnyOptions, { strategy, logger }: Settings): void {
  if (!callbacks?.jwt || strategy !== 'database' || tokens?.enabled) return
  logger.warn(
    'callbacks.jwt is never called under the database strategy without bearer tokens: roles and claims come from the columns of the ' +
      `user, and from updateSession. Take the callback out, or choose session.strategy 'jwt'`,
  )
}

function openAdapter(adapter: Adapter, settings: Settings, closed: AbortSignal): Adapter {
  const guarded = guardAdapter(adapter, settings.adapterTimeout)
  const parts = readCleanupParts(settings, closed)
  return parts && isSessionAdapter(guarded) ? withCleanup(guarded, parts) : guarded
}

function openTables(tables: TableStore, settings: Settings, closed: AbortSignal): TableStore {
  const guarded = guardTableStore(tables, settings.adapterTimeout)
  const parts = readCleanupParts(settings, closed)
  return parts ? withTableCleanup(guarded, parts) : guarded
}

/** Null: the app deletes expired rows itself. */
function readCleanupParts({ cleanup, clock, logger }: Settings, closed: AbortSignal): CleanupParts | null {
  return cleanup && { settings: cleanup, clock, logger, closed }
}
