/**
 * Knows whether a store answers at all. If a call gets no answer in time and no other call got one meanwhile, the store is silent: until
 * it answers something again, further calls are refused at once instead of waiting one after the other.
 */
export interface CircuitBreaker {
  /** Whether the store is silent: then {@link CircuitBreaker.probe} says whether it is back. */
  readonly isOpen: () => boolean
  /** Asks the store for a sign of life, one probe for all who ask at once. @returns whether one came, quickly */
  readonly probe: () => Promise<boolean>
  /** Notes that a call begins. @returns how to say that it got no answer in time */
  readonly begin: () => () => void
  /** Notes that the store answered, be it late or with an error. */
  readonly answered: () => void
}

/**
 * @param ask any cheap read
 * @param timeout milliseconds that a call may take. A probe is waited for a twentieth of that, and repeated after half of it.
 */
export function createCircuitBreaker(ask: () => unknown, timeout: number): CircuitBreaker {
  let isOpen = false
  let answers = 0
  let running: { readonly answer: Promise<boolean>; readonly since: number } | null = null
  const answered = () => {
    answers++
    isOpen = false
  }
  return {
    isOpen: () => isOpen,
    answered,
    begin: () => {
      const before = answers
      return () => void (isOpen ||= answers === before)
    },
    probe: () => {
      const now = performance.now()
      if (!running || now - running.since > timeout / 2) {
        const probe = { answer: sendProbe(ask, answered), since: now }
        running = probe
        void probe.answer.then(() => running === probe && (running = null))
      }
      return withinLimit(running.answer, timeout / 20)
    },
  }
}

/** Any answer counts: a store that refuses isn't silent, and the call that comes next says what is wrong. */
async function sendProbe(ask: () => unknown, answered: () => void): Promise<true> {
  try {
    await ask()
  } catch {
    // See above.
  }
  answered()
  return true
}

/** Each caller has a timer of its own: in a Worker, a promise that belongs to another request may never settle. */
async function withinLimit(answer: Promise<boolean>, limit: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), limit)))
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
