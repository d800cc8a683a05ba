import type { Engine } from '../config/engine.ts'
import type { BusConnection, SessionBus, Unsubscribe } from '../contract/bus.ts'
import { andThen } from '../internal/awaitable.ts'
import { runIsolated } from '../internal/run-isolated.ts'
import { within } from '../internal/within.ts'
import type { SessionEvent } from './event.ts'
import { createSealedMessages } from './sealed-messages.ts'

/** The app's bus at the edge of an engine. */
export interface Wire {
  /** Never throws and waits for nothing. */
  readonly send: (event: SessionEvent) => void
  /** Never throws. */
  readonly close: () => Promise<void>
}

/** Milliseconds that closing may take. */
const PATIENCE = 2_000

/** What an engine does with what a bus delivers. */
interface Receiver {
  /** Gets the events of other instances. */
  readonly receive: (event: SessionEvent) => void
  readonly connection: BusConnection
}

export function openWire(bus: SessionBus, engine: Engine, { receive, connection }: Receiver): Wire {
  const messages = createSealedMessages(engine)
  const report = (message: string) => (cause: unknown) => engine.settings.logger.error(message, cause)
  const failed = { publish: report('the session bus could not publish'), receive: report(UNHANDLED) }
  let closing: Promise<void> | undefined

  const publish = (message: string) => runIsolated(() => bus.publish(message), failed.publish)
  const sendAll = (event: SessionEvent) => {
    for (const message of messages.seal(event)) runIsolated(() => andThen(message, publish), failed.publish)
  }
  const open = (message: string) =>
    andThen(messages.open(message), (event) => {
      if (event && !closing) receive(event)
    })
  const listener = (message: string) => {
    if (!closing) runIsolated(() => open(message), failed.receive)
  }
  const subscribed = subscribe(bus, listener, connection)
  subscribed.catch(report('the session bus could not be subscribed to'))
  return {
    send: (event) => {
      // Isolated as a whole too: the secrets may be read here for the first time, and that may throw.
      if (!closing) runIsolated(() => sendAll(event), failed.publish)
    },
    close: () =>
      (closing ??= within(stop(bus, subscribed), PATIENCE).catch(report('the session bus could not be closed'))),
  }
}

const UNHANDLED = 'a message of the session bus could not be handled'

/** A bus that throws at once fails like one that rejects. One that says nothing of its connection has one. */
async function subscribe(
  bus: SessionBus,
  listener: (message: string) => void,
  connection: BusConnection,
): Promise<Unsubscribe> {
  let isSilent = true
  const hear =
    <T extends unknown[]>(say: (...args: T) => void) =>
    (...args: T) => {
      isSilent = false
      say(...args)
    }
  const unsubscribe = await bus.subscribe(listener, {
    lost: hear(connection.lost),
    connected: hear(connection.connected),
  })
  if (isSilent) connection.connected()
  return unsubscribe
}

async function stop(bus: SessionBus, subscribed: Promise<Unsubscribe>): Promise<void> {
  const unsubscribe = await subscribed.catch(() => null)
  await unsubscribe?.()
  await bus.close?.()
}
