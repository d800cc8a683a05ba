/**
 * Takes over the tables of an Auth.js adapter: `@latchkey/kysely/from-auth-js`.
 */

export { fromAuthJsDatabase } from './from-auth-js.ts'
export type { FromAuthJsOptions } from './from-auth-js.ts'
export type { AuthJsColumns, AuthJsTableNames } from './library.ts'
export type { CopyOptions, CopyResult } from '../take-over/copy.ts'
export type { FinishResult } from '../take-over/finish.ts'
export type { TakeOver } from '../take-over/open.ts'
export type { TakeOverStage } from '../take-over/shared.ts'
