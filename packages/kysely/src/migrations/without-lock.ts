import type { AnyKysely } from '../database.ts'

/** What is done to the database while no other instance does the same. */
export type Work<T> = (connection: AnyKysely) => Promise<T>

/** One for each table, and some: of two that make the same at once, a database may refuse one, which then finds it made. */
const MAX_TRIES = 8

export async function withoutLock<T>(db: AnyKysely, work: Work<T>): Promise<T> {
  for (let left = MAX_TRIES; ; left--) {
    try {
      return await work(db)
    } catch (error) {
      if (left <= 1) throw error
      // Two that failed together must not try again together.
      await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 50))
    }
  }
}
