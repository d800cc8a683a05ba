/**
 * Takes over the tables of better-auth: `@latchkey/kysely/from-better-auth`.
 */

export { fromBetterAuthDatabase } from './from-better-auth.ts'
export type { FromBetterAuthOptions } from './from-better-auth.ts'
export type { BetterAuthColumns, BetterAuthTableNames } from './library.ts'
export type { CopyOptions, CopyResult } from '../take-over/copy.ts'
export type { FinishResult } from '../take-over/finish.ts'
export type { TakeOver } from '../take-over/open.ts'
export type { TakeOverStage } from '../take-over/shared.ts'
