import { KEPT, type MessagePage, type MessageRows, type Place } from './message-rows.ts'

/** Milliseconds that a row may need to be seen after it got its time. A sender whose row took longer writes another. */
export const OVERLAP = 2_000
/** Milliseconds by which the database's clock may have been set without a row being missed. */
const SET_BY = OVERLAP / 2

/** What a reader knows after a look at the table. Moments are those of `performance.now()`. */
export interface Reading {
  /** The messages that weren't read before. */
  readonly messages: readonly string[]
  /** The database's time then. */
  readonly now: number
  /** When it was asked, and when it had answered. */
  readonly askedAt: number
  readonly readAt: number
  /** Since when every message was read. */
  readonly since: number
  /** Whether some may have been missed since the last reading. */
  readonly isBroken: boolean
  /** The rows that the next reading finds again, with their times. */
  readonly seen: ReadonlyMap<string, number>
}

/**
 * Reads what has come since the last reading. Rows get their time before they can be seen, and not in one order, so the last two seconds
 * are read again.
 *
 * @param last null: everything that is kept
 */
export async function readMessages(rows: MessageRows, last: Reading | null): Promise<Reading> {
  const askedAt = performance.now()
  const seen = new Map(last?.seen)
  const messages: string[] = []
  const first = await rows.readAfter(last ? { sentAt: Math.floor(last.now - OVERLAP), id: '' } : START)
  for (let page: MessagePage = first; ; page = await rows.readAfter(endOf(page))) {
    for (const { id, sentAt, message } of page.rows) {
      if (!seen.has(id)) messages.push(message)
      seen.set(id, sentAt)
    }
    if (!page.isFull) break
  }
  const readAt = performance.now()
  for (const [id, sentAt] of seen) if (sentAt < first.now - OVERLAP - 1) seen.delete(id)
  const reading = { messages, now: first.now, askedAt, readAt, seen }
  if (!last) return { ...reading, since: readAt - KEPT, isBroken: false }
  if (wasClockSet(last, reading)) return { ...reading, since: readAt, isBroken: true }
  const isBroken = first.now - last.now > KEPT
  return { ...reading, since: isBroken ? readAt - KEPT : last.since, isBroken }
}

const START: Place = { sentAt: 0, id: '' }

function endOf({ rows }: MessagePage): Place {
  return rows.at(-1) ?? START
}

/** Whether the database's clock went otherwise than this process's: it was set, or another server has taken over. */
function wasClockSet(last: Reading, { now, askedAt, readAt }: Pick<Reading, 'now' | 'askedAt' | 'readAt'>): boolean {
  const passed = now - last.now
  return passed < askedAt - last.readAt - SET_BY || passed > readAt - last.askedAt + SET_BY
}
