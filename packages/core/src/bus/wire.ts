import { createBox } from '#box'
import type { Engine } from '../config/engine.ts'
import type { SessionBus, Unsubscribe } from '../contract/bus.ts'
import { keep } from '../internal/keep.ts'
import { runIsolated } from '../internal/run-isolated.ts'
import { within } from '../internal/within.ts'
import type { SessionEvent } from './event.ts'
import { parseMessage, toParts, writeMessage } from './message.ts'

/** The bus at the edge of an engine: events go out sealed, and what comes in is opened. */
export interface Wire {
  /** Never throws and waits for nothing. */
  readonly send: (event: SessionEvent) => void
  readonly close: () => Promise<void>
}

/** What a message looks like changes with this number. It stands in front of the seal, and the key is derived for it. */
const VERSION = 1
const PURPOSE = `latchkey.bus.${VERSION}`
/** Milliseconds that closing may take. */
const PATIENCE = 2_000
/** Longer than any message of ours; refused before a byte of it is decoded. */
const MAX_LENGTH = 65_536

/** @param hear is told of what other instances sent */
export function openWire(bus: SessionBus, engine: Engine, hear: (event: SessionEvent) => void): Wire {
  const { settings, warnOnce } = engine
  const report = (message: string) => (cause: unknown) => settings.logger.error(message, cause)
  // At first use: the secrets may come later than the configuration, and a Worker has no random numbers before its first request.
  const box = keep(() => createBox(settings.secrets, PURPOSE))
  const own = keep(() => ({ id: crypto.randomUUID() }))
  let number = 0
  let isClosed = false
  let closing: Promise<void> | undefined

  const publish = async (event: SessionEvent) => {
    for (const part of toParts(event)) {
      const sent = { from: own().id, number: number++, at: settings.clock().getTime() }
      const sealed = box().seal(writeMessage(part, sent))
      // Where sealing takes no time, a bus within this process delivers before the request goes on.
      const body = typeof sealed === 'string' ? sealed : await sealed
      runIsolated(() => bus.publish(`${VERSION}.${body}`), report('the session bus could not publish'))
    }
  }
  const receive = async (message: unknown) => {
    if (isClosed) return
    const parts = typeof message === 'string' && message.length <= MAX_LENGTH ? SHAPE.exec(message) : null
    if (!parts) return warnOnce('bus shape', 'the session bus delivered what no engine has sent. It is ignored')
    // Another release sends it, in the middle of a roll-out say.
    if (Number(parts[1]) !== VERSION) return
    const opened = box().open(parts[2]!) // the expression has two groups
    const text = opened instanceof Promise ? await opened : opened
    if (text === null) return warnOnce('bus seal', FORGED)
    const event = parseMessage(text)
    if (!event) return warnOnce('bus event', 'the session bus delivered an event that this release does not know')
    if (event.sent.from !== own().id) hear(event)
  }
  const subscribed = subscribe(bus, (message) => {
    runIsolated(() => receive(message), report('a message of the session bus could not be handled'))
  })
  subscribed.catch(report('the session bus could not be subscribed to'))
  const stop = async () => {
    const unsubscribe = await subscribed.catch(() => null)
    await unsubscribe?.()
    await bus.close?.()
  }
  return {
    send: (event) => {
      if (!isClosed) runIsolated(() => publish(event), report('the session bus could not publish'))
    },
    close: () => {
      isClosed = true
      return (closing ??= within(stop(), PATIENCE).catch(report('the session bus could not be closed')))
    },
  }
}

const SHAPE = /^(\d{1,9})\.([\w-]+)$/

const FORGED =
  'the session bus delivered a message that none of the secrets opens. It is ignored: either an instance has another `secret`, or somebody ' +
  'else writes to the bus'

/** A bus that throws at once fails like one that rejects. */
async function subscribe(bus: SessionBus, listener: (message: string) => void): Promise<Unsubscribe> {
  return bus.subscribe(listener)
}
