import { isPage } from './page.ts'

/** Opens the channel of this name to the other tabs of the origin. There is none outside a page, and in browsers without `BroadcastChannel`. */
export function openChannel<TMessage>(
  name: string | undefined,
  onMessage: (message: TMessage) => void,
): BroadcastChannel | undefined {
  if (name === undefined || !isPage() || typeof BroadcastChannel === 'undefined') return undefined
  const channel = new BroadcastChannel(`latchkey:${name}`)
  channel.addEventListener('message', ({ data }: MessageEvent<TMessage>) => onMessage(data))
  return channel
}
