import type { BusConnection, SessionBus } from '../../src/index.ts'
import type { Random } from './random.ts'
import type { Timeline } from './timeline.ts'

/** Milliseconds. */
export const LIMITS = {
  /** How long a message is on its way at most. */
  delay: 400,
  /** After how long a bus notices at the latest that it is cut off. */
  detection: 600,
}

/** One instance's end of a bus that loses, doubles and reorders messages. */
export interface BusEnd extends SessionBus {
  /** Nothing gets through any more. The end notices a little later. */
  readonly cut: () => void
  /** Everything gets through again. @param keepsHistory what was missed is read, as from a stream */
  readonly join: (keepsHistory: boolean) => void
  readonly isCut: () => boolean
}

interface Sent {
  readonly message: string
  readonly at: number
}

/** A broker with a history, as Redis's streams have one. */
export function createBroker(timeline: Timeline, random: Random) {
  const history: Sent[] = []
  const ends = new Set<(sent: Sent) => void>()
  const accept = (message: string) => {
    const sent = { message, at: timeline.now() }
    history.push(sent)
    for (const hear of ends) hear(sent)
  }
  const open = (): BusEnd => {
    let listener: (message: string) => void = () => {}
    let connection: BusConnection = { lost: () => {}, connected: () => {} }
    let isCut = false
    let cuts = 0
    let coveredSince = timeline.now()
    let heardUntil = timeline.now()
    const outbox: string[] = []
    const deliverLater = ({ message }: Sent) => {
      const cutsThen = cuts
      const deliver = () => {
        // What is on its way when the connection breaks is gone.
        if (cuts === cutsThen && !isCut) listener(message)
      }
      timeline.at(timeline.now() + random.between(1, LIMITS.delay), deliver)
      if (random.chance(0.05)) timeline.at(timeline.now() + random.between(1, LIMITS.delay), deliver)
    }
    ends.add((sent) => {
      if (!isCut) deliverLater(sent)
    })
    return {
      publish: (message) => {
        if (isCut) outbox.push(message)
        else accept(message)
      },
      subscribe: (given, told) => {
        listener = given
        connection = told
        connection.connected()
        return () => {}
      },
      isCut: () => isCut,
      cut: () => {
        isCut = true
        cuts++
        // What was sent just before may be among what is gone.
        heardUntil = timeline.now() - LIMITS.delay
        const cutsThen = cuts
        timeline.at(timeline.now() + random.between(0, LIMITS.detection), () => {
          if (cuts === cutsThen && isCut) connection.lost()
        })
      },
      join: (keepsHistory) => {
        connection.lost()
        isCut = false
        for (const message of outbox.splice(0)) accept(message)
        if (keepsHistory) for (const { message, at } of history) if (at >= heardUntil) listener(message)
        if (!keepsHistory) coveredSince = timeline.now()
        connection.connected(timeline.now() - coveredSince)
      },
    }
  }
  return { open }
}
