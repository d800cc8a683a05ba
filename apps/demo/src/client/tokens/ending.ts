import type { SessionChange } from '@latchkey/client'
import { auth } from './client.ts'

// Why the token session is over, and how long it took until this tab knew: it outlives the page's parts that the end takes away.
let sentence: string | null = null
let pressedAt: number | null = null
const listeners = new Set<() => void>()

auth.subscribe((change) => tell(describe(change)))

export function readEnding(): string | null {
  return sentence
}

export function subscribeToEnding(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** From now on it is measured how long the news takes. */
export function startWaiting(): void {
  pressedAt = performance.now()
}

/** Says it in other words than the kind alone would. */
export function explainEnding(words: string): void {
  tell(words)
}

function tell(next: string | null): void {
  sentence = next
  for (const listener of listeners) listener()
}

function describe({ reason, kind, elsewhere, session }: SessionChange<unknown>): string | null {
  if (reason === 'signIn') return null
  if (reason === 'signOut') return elsewhere ? 'Another tab signed out of it.' : 'You signed out of it.'
  if (reason !== 'ended') return session === null ? sentence : null
  const after =
    pressedAt === null
      ? ''
      : ` This tab knew ${Math.round(performance.now() - pressedAt)} ms after the button was pressed.`
  pressedAt = null
  if (after) return `It was ended elsewhere.${after}`
  if (elsewhere) return 'It ended in another tab.'
  if (kind === 'TokenReuse') return 'A refresh token was used twice, so the session was ended.'
  if (kind === 'SessionRevoked') return 'It was ended elsewhere.'
  return 'It has expired.'
}
