import { isPage } from './page.ts'

/** What tabs of one origin tell each other. */
export interface Channel<TMessage> {
  readonly post: (message: TMessage) => void
  readonly close: () => void
}

/** Opens the channel of this name to the other tabs; there is none outside a page, and where browsers have none. */
export function openChannel<TMessage>(
  name: string,
  onMessage: (message: TMessage) => void,
): Channel<TMessage> | undefined {
  if (!isPage() || typeof BroadcastChannel === 'undefined') return undefined
  const channel = new BroadcastChannel(`latchkey:${name}`)
  channel.addEventListener('message', ({ data }: MessageEvent<TMessage>) => onMessage(data))
  // A channel has no target origin: it never leaves its own.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  return { post: (message) => channel.postMessage(message), close: () => channel.close() }
}
