import { useSyncExternalStore } from 'react'

// One sentence for the sign-in page: why somebody who was signed in isn't any more. It comes from wherever a call failed.
let sentence: string | null = null
const listeners = new Set<() => void>()

export function say(next: string | null): void {
  sentence = next
  for (const listener of listeners) listener()
}

/** Says something only if nothing better has been said. */
export function sayAtLeast(next: string): void {
  say(sentence ?? next)
}

export function useNotice(): string | null {
  return useSyncExternalStore(subscribe, () => sentence)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
