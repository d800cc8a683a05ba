import type { db as database } from './server/db.ts'

declare global {
  const db: typeof database
}
