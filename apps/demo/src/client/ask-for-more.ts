import type { StepUpRequest } from '@latchkey/client'
import { useSyncExternalStore } from 'react'

/** A call was refused: what the person must show, and the way back to the link, which then repeats the call. */
interface Question {
  readonly request: StepUpRequest
  readonly answer: (isShown: boolean) => void
}

let question: Question | null = null
const listeners = new Set<() => void>()

/** Asks the person, in the dialog of `step-up.tsx`. */
export function askForMore(request: StepUpRequest): Promise<boolean> {
  return new Promise((resolve) => ask({ request, answer: resolve }))
}

/** Ends the question. */
export function answer(isShown: boolean): void {
  question?.answer(isShown)
  ask(null)
}

/** What is asked for now; null: nothing. */
export function useQuestion(): StepUpRequest | null {
  return useSyncExternalStore(subscribe, () => question?.request ?? null)
}

function ask(next: Question | null): void {
  question = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
