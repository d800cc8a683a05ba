export { drizzleAdapter } from './adapter.ts'
export { kyselyOf } from './kysely-of.ts'
export type { DrizzleDatabase } from './kysely-of.ts'
