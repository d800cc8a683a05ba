import type { InBackground, PluginEngine } from '@latchkey/core'
import type { Passwords } from './hashing/passwords.ts'
import type { CheckRules } from './rules/rules.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'
import type { PasswordErrorKind } from './types.ts'

/** The methods of the adapter that passwords can't do without. */
export type Needs = 'createUser' | 'deleteUser' | 'getUser' | 'getUserByEmail'

/** What the functions of this package share. */
export interface Shared {
  readonly settings: Settings
  readonly tables: Tables
  readonly engine: PluginEngine<{}, PasswordErrorKind, Needs>
  readonly passwords: Passwords
  readonly checkRules: CheckRules
  readonly inBackground: InBackground
}
