import type { Engine } from '../config/engine.ts'
import type { BusConnection } from '../contract/bus.ts'

/**
 * From when on an instance has heard of every end in the others. What was found to be good before that may have ended unheard: its row has
 * to be asked.
 */
export interface Coverage {
  /** Whether every end since this moment was heard of: milliseconds since the epoch, by this instance's clock. */
  readonly reaches: (moment: number) => boolean
  /** Whether nothing is heard just now. */
  readonly isLost: () => boolean
  /** What was heard of up to this moment isn't remembered any more. */
  readonly forgetUntil: (moment: number) => void
  /** Called when it has become shorter. */
  readonly onGap: (listener: () => void) => void
  /** What the bus says of its connection. */
  readonly connection: BusConnection
}

/** While nothing is heard, a row that was asked counts for this long. Milliseconds. */
const MAX_AGE_WHILE_LOST = 1_000

/** @param hasBus false: this instance is the only one, and hears of everything */
export function createCoverage({ settings }: Engine, hasBus: boolean): Coverage {
  const { logger } = settings
  const listeners: (() => void)[] = []
  const now = () => settings.clock().getTime()
  let since = -Infinity
  /** Stays where it is when a bus has delivered more of the past. */
  let forgotten = -Infinity
  // Until a bus is connected, which is nothing to be logged.
  let isLost = hasBus
  let isLogged = false
  const tell = () => {
    for (const listener of listeners) listener()
  }
  const log = (lost: boolean) => {
    if (lost === isLogged) return
    isLogged = lost
    if (lost) logger.error(LOST)
    else logger.warn('the session bus is connected again')
  }
  return {
    reaches: (moment) => moment > forgotten && moment >= (isLost ? now() - MAX_AGE_WHILE_LOST : since),
    isLost: () => isLost,
    forgetUntil: (moment) => void (forgotten = Math.max(forgotten, moment)),
    onGap: (listener) => void listeners.push(listener),
    connection: {
      lost: () => {
        if (!isLost) log(true)
        isLost = true
        tell()
      },
      connected: (delivered) => {
        log(false)
        isLost = false
        since = now() - toLength(delivered)
        tell()
      },
    },
  }
}

const LOST =
  'the session bus has lost its connection. Until it is back, sessions are checked against their rows, at most once a second each'

/** The app's own bus says it. */
function toLength(milliseconds: number | undefined): number {
  return milliseconds !== undefined && milliseconds > 0 ? milliseconds : 0
}
