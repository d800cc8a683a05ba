import { type Entry, START, timeOf } from './entry.ts'

/** What the server says of itself and of the stream: see `readState`. */
export interface State {
  readonly run: string
  /** Milliseconds since the epoch, by the server's clock. */
  readonly time: number
  readonly last: string
}

/** How far a reader has read, and since when it has missed nothing. */
export interface Coverage {
  /** Where to read on. */
  readonly position: () => string
  /**
   * Begins to read, or goes on. A server that has lost entries, or may have, is read from its first entry on.
   *
   * @returns whether it is
   */
  readonly begin: (state: State) => boolean
  /** An entry that was read. */
  readonly add: (entry: Entry) => void
  /** All entries up to the state have been read. Returns whether nothing was missed since the last time. */
  readonly end: () => boolean
  /** Since when everything was read: milliseconds since the epoch, by the server's clock. */
  readonly since: () => number
}

export function createCoverage(): Coverage {
  let known: State | null = null
  let position = START
  /** null: nothing that was read so far says it. */
  let since: number | null = null
  let isUnbroken = false
  let hasRead = false
  const restart = (from: number | null) => {
    since = from
    isUnbroken = false
  }
  return {
    position: () => position,
    begin: (state) => {
      const isAnother = known?.run !== state.run
      if (isAnother) {
        // Ids of another server may be lower than the ones that were read: its clock is another.
        position = START
        restart(null)
      }
      known = state
      hasRead = false
      return isAnother
    },
    add: ({ id, previous, run }) => {
      const isNext = since !== null && previous === position && run === known?.run
      // What this server has taken since its first entry is all there. What came before, another one may have taken, and lost.
      if (!isNext) restart(run === known?.run ? timeOf(id) + 1 : null)
      position = id
      hasRead = true
    },
    end: () => {
      if (!known) return false
      // Entries were deleted before they could be read, or the whole stream was: then it begins anew.
      const isGone = hasRead ? isBefore(position, known.last) : position !== known.last
      if (isGone) {
        restart(known.time)
        position = known.last
      }
      since ??= known.time
      const wasUnbroken = isUnbroken
      isUnbroken = true
      return wasUnbroken
    },
    since: () => since ?? Number.POSITIVE_INFINITY,
  }
}

function isBefore(one: string, other: string): boolean {
  const [[time, count], [otherTime, otherCount]] = [parts(one), parts(other)]
  return time === otherTime ? count < otherCount : time < otherTime
}

function parts(id: string): readonly [number, number] {
  const [time = '0', count = '0'] = id.split('-')
  return [Number(time), Number(count)]
}
