import type { AnyOptions } from './options.ts'
import type { Adapter } from './adapter.ts'
import { guardAdapter } from './call-adapter.ts'
import { readSettings, type Settings } from './settings.ts'
import { type AnyCallbacks, createEmit, type Emit } from './run-callbacks.ts'
import { createWarnOnce, type WarnOnce } from './internal/warn-once.ts'

/** What every room of the engine is handed: the checked configuration and the app's own functions. */
export interface Engine {
  readonly settings: Settings
  readonly adapter: Adapter | undefined
  readonly callbacks: AnyCallbacks
  readonly emit: Emit
  /** Logs what a page load would otherwise log thousands of times. */
  readonly warnOnce: WarnOnce
}

export function createEngine(options: AnyOptions): Engine {
  const settings = readSettings(options)
  return {
    settings,
    adapter: options.adapter && guardAdapter(options.adapter, settings.adapterTimeout),
    callbacks: options.callbacks ?? {},
    emit: createEmit(options.events ?? {}, settings.logger),
    warnOnce: createWarnOnce(settings.logger),
  }
}
