import { createBox } from '#runtime'
import type { Engine } from '../config/engine.ts'
import { andThen } from '../internal/awaitable.ts'
import { memoize } from '../internal/memoize.ts'
import type { Awaitable } from '../internal/types.ts'
import type { SessionEvent } from './event.ts'
import { parseMessage, toParts, writeMessage } from './message.ts'

/** Events as the texts that a bus carries. Synchronous if the runtime's crypto is, so that a bus within the process delivers at once. */
export interface SealedMessages {
  readonly seal: (event: SessionEvent) => readonly Awaitable<string>[]
  /** null: nothing that concerns this engine. What no engine can have sent is logged, once for each reason. */
  readonly open: (message: unknown) => Awaitable<SessionEvent | null>
}

/** The version of a message's form. It is written before the sealed part, and the key is derived for it. */
const VERSION = 1
const PURPOSE = `latchkey.bus.${VERSION}`
/** Longer than any message of ours; refused before it is decoded. */
const MAX_LENGTH = 65_536
const SHAPE = /^(\d{1,9})\.([\w-]+)$/

export function createSealedMessages({ settings, warnOnce }: Engine): SealedMessages {
  // At first use: the secrets may come later than the configuration, and a Worker has no random numbers before its first request.
  const box = memoize(() => createBox(settings.secrets, PURPOSE))
  const own = memoize(() => ({ id: crypto.randomUUID() }))
  let number = 0
  const ignore = (what: string) => {
    warnOnce(`bus ${what}`, `the session bus delivered ${what}. It is ignored`)
    return null
  }
  const read = (text: string | null) => {
    if (text === null) return ignore(FORGED)
    const event = parseMessage(text)
    if (!event) return ignore('an event that this release does not know')
    return event.sent.from === own().id ? null : event
  }
  return {
    seal: (event) =>
      toParts(event).map((part) => {
        const sent = { from: own().id, number: number++, at: settings.clock().getTime() }
        return andThen(box().seal(writeMessage(part, sent)), (sealed) => `${VERSION}.${sealed}`)
      }),
    open: (message) => {
      const parts = typeof message === 'string' && message.length <= MAX_LENGTH ? SHAPE.exec(message) : null
      if (!parts) return ignore('what no engine has sent')
      const [, version, sealed = ''] = parts
      // Another release has sent it, during a roll-out for example.
      return Number(version) === VERSION ? andThen(box().open(sealed), read) : null
    },
  }
}

const FORGED =
  'a message that none of the secrets opens (either an instance has another `secret`, or somebody else writes to the bus)'
