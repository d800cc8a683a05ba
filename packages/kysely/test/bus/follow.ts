import type { Logger, SessionBus, Unsubscribe } from '@latchkey/core'

export interface Followed {
  readonly heard: string[]
  /** What was said of the connection: `lost`, or `connected` and the seconds that were delivered. */
  readonly said: string[]
  readonly stop: Unsubscribe
}

/** Listens to a bus, and remembers everything. */
export async function follow(bus: SessionBus): Promise<Followed> {
  const heard: string[] = []
  const said: string[] = []
  const stop = await bus.subscribe((message) => void heard.push(message), {
    lost: () => said.push('lost'),
    connected: (delivered = 0) => said.push(`connected ${Math.round(delivered / 1_000)}`),
  })
  return { heard, said, stop }
}

export const SILENT: Logger = { warn: () => {}, error: () => {} }
