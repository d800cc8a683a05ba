import type { PluginEngine } from '@latchkey/core'
import type { Settings } from './options.ts'
import type { Tables } from './tables.ts'

/** What the functions of this package share. */
export interface Shared {
  readonly settings: Settings
  readonly tables: Tables
  readonly engine: Pick<PluginEngine<{}, 'TotpNotEnrolled'>, 'baseUrl' | 'clock' | 'error' | 'hash' | 'seal' | 'unseal'>
}
