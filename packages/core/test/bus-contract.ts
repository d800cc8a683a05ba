import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { BusConnection, SessionBus } from '../src/contract/bus.ts'

export interface OpenedBuses {
  /** Two ends of one bus, as two instances hold them. May be the same object within one process. */
  readonly ends: readonly [SessionBus, SessionBus]
  readonly close: () => Promise<void>
}

/** The ends of a bus whose messages go through something that can break: a server, a database, a network. */
export interface OpenedRemoteBuses extends OpenedBuses {
  /** Cuts one end off: until the returned function is called, it can neither send nor receive. The other end works on. */
  readonly interrupt: (end: 0 | 1) => Promise<() => Promise<void>>
}

const IGNORED: BusConnection = { lost: () => {}, connected: () => {} }

/** What every bus must do: the same sentences for each. `open` gives two ends of a bus that nobody else listens to. */
export function describeBus(name: string, open: () => Promise<OpenedBuses>): void {
  describe(`the bus contract: ${name}`, () => {
    let opened: OpenedBuses
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(() => opened.close())

    /** Listens at an end, and remembers what comes. */
    const listen = async (end: 0 | 1) => {
      const heard: string[] = []
      const stop = await opened.ends[end].subscribe((message) => void heard.push(message), IGNORED)
      return { heard, stop }
    }
    const publish = async (end: 0 | 1, message: string) => {
      await opened.ends[end].publish(message)
    }
    const arrives = (heard: readonly string[], message: string) =>
      vi.waitFor(() => expect(heard).toContain(message), { timeout: 5_000 })

    test.each([
      { from: 0, to: 1 },
      { from: 1, to: 0 },
    ] as const)('carries a message from end $from to end $to as it is', async ({ from, to }) => {
      const { heard } = await listen(to)
      for (const message of ['1.abc-_', '1.', '2.x', `1.${'x'.repeat(4_000)}`]) {
        await publish(from, message)
        await arrives(heard, message)
      }
    })

    test('carries a message to every listener of an end', async () => {
      const listeners = [await listen(1), await listen(1)]
      await publish(0, '1.a')
      for (const { heard } of listeners) await arrives(heard, '1.a')
    })

    test('carries a hundred messages that are published at once', async () => {
      const { heard } = await listen(1)
      const messages = Array.from({ length: 100 }, (_, index) => `1.${index}`)
      await Promise.all(messages.map((message) => publish(0, message)))
      for (const message of messages) await arrives(heard, message)
    })

    test('carries nothing to whoever has stopped listening, also one who stops twice', async () => {
      const [gone, here] = [await listen(1), await listen(1)]
      await gone.stop()
      await gone.stop()
      await publish(0, '1.a')
      await arrives(here.heard, '1.a')
      expect(gone.heard).toEqual([])
    })

    test('a listener that throws keeps a message from no other', async () => {
      await opened.ends[1].subscribe(() => {
        throw new Error('a listener of the test')
      }, IGNORED)
      const { heard } = await listen(1)
      for (const message of ['1.a', '1.b']) {
        await publish(0, message)
        await arrives(heard, message)
      }
    })

    test('sends what was published a moment before it was closed', async () => {
      if (opened.ends[0] === opened.ends[1]) return
      const { heard } = await listen(1)
      const published = opened.ends[0].publish('1.the last')
      await opened.ends[0].close?.()
      await published
      await arrives(heard, '1.the last')
    })

    test('is closed twice without harm, and its other end lives on', async () => {
      const { heard } = await listen(1)
      if (opened.ends[0] !== opened.ends[1]) for (let time = 0; time < 2; time++) await opened.ends[0].close?.()
      await publish(1, '1.a')
      await arrives(heard, '1.a')
    })
  })
}

/** Longer than any bus takes to notice or to reconnect, on a slow machine too. */
const PATIENCE = { timeout: 20_000, interval: 20 }

/**
 * What every bus must do whose connection can break, and what {@link describeBus} says. How long it takes to notice is each bus's own to say.
 */
export function describeRemoteBus(name: string, open: () => Promise<OpenedRemoteBuses>): void {
  describeBus(name, open)
  describe(`the bus contract when cut off: ${name}`, () => {
    let opened: OpenedRemoteBuses
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(() => opened.close())

    /** Listens at an end, and remembers what comes and what the bus says of its connection, in order. */
    const listen = async (end: 0 | 1) => {
      const heard: string[] = []
      const said: Said[] = []
      const stop = await opened.ends[end].subscribe((message) => void heard.push(message), {
        lost: () => void said.push({ is: 'lost' }),
        connected: (delivered = 0) => {
          said.push({ is: 'connected', at: performance.now(), delivered, heard: [...heard] })
        },
      })
      // A bus that says nothing until then is connected.
      if (said.length === 0) said.push({ is: 'connected', at: performance.now(), delivered: 0, heard: [] })
      const becomes = (is: Said['is']) => vi.waitFor(() => expect(said.at(-1)?.is).toBe(is), PATIENCE)
      return { heard, said, stop, becomes }
    }
    const arrives = (heard: readonly string[], message: string) =>
      vi.waitFor(() => expect(heard).toContain(message), PATIENCE)
    /** Publishes without waiting. What comes of it is returned, and no unhandled rejection. */
    const publish = (end: 0 | 1, message: string) => {
      const published = (async () => opened.ends[end].publish(message))()
      published.catch(() => {})
      return { published, at: performance.now() }
    }

    test('an end that listens becomes connected, and says no more while nothing breaks', async () => {
      const { said, becomes, heard } = await listen(1)
      await becomes('connected')
      const { length } = said
      publish(0, '1.a')
      await arrives(heard, '1.a')
      expect(said).toHaveLength(length)
    })

    test('an end that is cut off says so, and that it is connected once it is again', async () => {
      const { becomes, heard } = await listen(1)
      await becomes('connected')
      for (const message of ['1.a', '1.b']) {
        const restore = await opened.interrupt(1)
        await becomes('lost')
        await restore()
        await becomes('connected')
        publish(0, message)
        await arrives(heard, message)
      }
    })

    test('what it says was delivered has arrived before it says so', async () => {
      const { becomes, said, heard } = await listen(1)
      await becomes('connected')
      publish(0, '1.before')
      await arrives(heard, '1.before')
      const restore = await opened.interrupt(1)
      await becomes('lost')
      const { published, at } = publish(0, '1.meanwhile')
      await published
      await restore()
      await becomes('connected')
      const last = said.at(-1)
      if (last?.is !== 'connected') throw new Error('it is not connected')
      // Either the message is among what was delivered, or the bus says that it is too old to be.
      const covers = last.at - last.delivered <= at
      expect({ covers, has: last.heard.includes('1.meanwhile') }).not.toEqual({ covers: true, has: false })
    })

    test('what is published while its end is cut off is sent afterwards, in whatever order', async () => {
      const { heard, becomes } = await listen(1)
      await becomes('connected')
      const sender = await listen(0)
      await sender.becomes('connected')
      const restore = await opened.interrupt(0)
      await sender.becomes('lost')
      const messages = Array.from({ length: 20 }, (_, index) => `1.${index}`)
      const all = messages.map((message) => publish(0, message).published)
      await restore()
      for (const message of messages) await arrives(heard, message)
      await Promise.all(all)
    })

    test('an end that cannot connect can be listened to all the same, and is connected later', async () => {
      const restore = await opened.interrupt(1)
      const { said, heard, becomes } = await listen(1)
      expect(said.at(-1)?.is).toBe('lost')
      await restore()
      await becomes('connected')
      publish(0, '1.a')
      await arrives(heard, '1.a')
    })

    test('a text that is published twice comes at least once, and keeps back no other', async () => {
      const { heard } = await listen(1)
      for (const message of ['1.a', '1.a', '1.b']) publish(0, message)
      await arrives(heard, '1.a')
      await arrives(heard, '1.b')
    })

    test('an end that is cut off can be closed, and says no more', async () => {
      const { said, becomes } = await listen(1)
      await becomes('connected')
      const restore = await opened.interrupt(1)
      await becomes('lost')
      const unsent = publish(1, '1.a').published.then(
        () => 'sent',
        () => 'dropped',
      )
      await opened.ends[1].close?.()
      expect(await unsent).toBe('dropped')
      const { length } = said
      await restore()
      publish(0, '1.b')
      const other = await listen(0)
      await other.becomes('connected')
      expect(said).toHaveLength(length)
    })
  })
}

type Said =
  | { readonly is: 'lost' }
  | {
      readonly is: 'connected'
      /** When it said so. */
      readonly at: number
      readonly delivered: number
      /** What had arrived until then. */
      readonly heard: readonly string[]
    }
