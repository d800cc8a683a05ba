/** An estimate of the database's clock. Times are in milliseconds. */
export interface DatabaseClock {
  /** Records a time that was just read from the database. */
  readonly note: (time: number) => void
  /** The database's time at `moment` of this process (`performance.now()`) or a little earlier, never later. */
  readonly timeAt: (moment: number) => Promise<number>
  /** Drops the estimate: one of the two clocks was set, or this process was suspended. */
  readonly forget: () => void
}

/** How long a note counts. Clocks of two machines drift apart by a few milliseconds in this time. */
const MAX_AGE = 60_000
/** How long the best of several measurements counts: a slow response says less than a fast one. */
const BEST_OF = 10_000

/**
 * A time that was read is older when it arrives, so the difference between the clocks that follows from it is at most the true
 * one: a deadline that is computed with it never lies later than it should.
 *
 * @param read asks the database for its time
 */
export function createDatabaseClock(read: () => Promise<number>): DatabaseClock {
  let difference = -Infinity
  let notedAt = -Infinity
  const note = (time: number) => {
    const now = performance.now()
    if (time - now <= difference && now - notedAt <= BEST_OF) return
    difference = time - now
    notedAt = now
  }
  return {
    note,
    timeAt: async (moment) => {
      if (performance.now() - notedAt > MAX_AGE) note(await read())
      return moment + difference
    },
    forget: () => {
      difference = -Infinity
      notedAt = -Infinity
    },
  }
}
