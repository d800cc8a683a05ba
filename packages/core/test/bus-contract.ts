import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { BusConnection, SessionBus } from '../src/contract/bus.ts'

export interface OpenedBuses {
  /** Two ends of one bus, as two instances hold them. May be the same object within one process. */
  readonly ends: readonly [SessionBus, SessionBus]
  readonly close: () => Promise<void>
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

    test('is closed twice without harm, and its other end lives on', async () => {
      const { heard } = await listen(1)
      if (opened.ends[0] !== opened.ends[1]) for (let time = 0; time < 2; time++) await opened.ends[0].close?.()
      await publish(1, '1.a')
      await arrives(heard, '1.a')
    })
  })
}
