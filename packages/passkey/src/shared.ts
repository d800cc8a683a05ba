import type { PluginEngine } from '@latchkey/core'
import type { Settings } from './settings.ts'
import type { PasskeyTables } from './tables.ts'

/** Kinds of error of this plug-in's own. */
export type PasskeyErrorKind = 'PasskeyChallengeExpired' | 'PasskeyRefused' | 'PasskeyTaken' | 'TooManyPasskeys'

/** What the functions of this package share. */
export interface Shared {
  readonly settings: Settings
  readonly engine: PluginEngine<PasskeyTables, PasskeyErrorKind, 'getUser' | 'getUserByEmail'>
}

/** How long a challenge works, in seconds. Also how long a browser waits for the person. */
export const CHALLENGE_LIFE = 300
