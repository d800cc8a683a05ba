/**
 * Knows whether a store responds at all. If a call gets no response in time and no other call got one meanwhile, the store is silent: until
 * it responds again, further calls are refused at once instead of waiting one after the other.
 */
export interface CircuitBreaker {
  /** Whether the store is silent: then {@link CircuitBreaker.probe} says whether it is back. */
  readonly isOpen: () => boolean
  /** Sends the store a cheap read, one for all callers at once. @returns whether one came in time */
  readonly probe: () => Promise<boolean>
  /** Notes that a call begins. */
  readonly begin: () => Attempt
}

/** A call that has begun. Its outcome is recorded even if its caller has given up. */
export interface Attempt {
  readonly answered: () => void
  readonly failed: () => void
  /** It got no response in time. */
  readonly expired: () => void
}

/**
 * @param ask any cheap read
 * @param timeout milliseconds that a call may take. The call that sends a probe waits a quarter of that for it, other
 * calls a twentieth. A probe is repeated after half of it.
 */
export function createCircuitBreaker(ask: () => unknown, timeout: number): CircuitBreaker {
  let isOpen = false
  let answers = 0
  let running: { readonly isAlive: Promise<boolean>; readonly since: number } | null = null
  const answered = () => {
    answers++
    isOpen = false
  }
  const begin = (): Attempt => {
    const before = answers
    const since = performance.now()
    const expired = () => void (isOpen ||= answers === before)
    // A store that refuses isn't silent. A late error comes from a time limit of the driver: the store didn't respond.
    const failed = () => (performance.now() - since < timeout / 2 ? answered() : expired())
    return { answered, failed, expired }
  }
  return {
    isOpen: () => isOpen,
    begin,
    probe: () => {
      const now = performance.now()
      if (!running || now - running.since > timeout / 2) {
        const probe = { isAlive: sendProbe(ask, begin()).then(() => !isOpen), since: now }
        running = probe
        void probe.isAlive.then(() => running === probe && (running = null))
        // In a Worker the probe ends with the request that sent it: without this wait a store that takes a while would never be found.
        return withinLimit(probe.isAlive, timeout / 4)
      }
      return withinLimit(running.isAlive, timeout / 20)
    },
  }
}

async function sendProbe(ask: () => unknown, { answered, failed }: Attempt): Promise<void> {
  try {
    await ask()
    answered()
  } catch {
    // The call that comes next says what is wrong.
    failed()
  }
}

/** Each caller has a timer of its own: in a Worker, a promise that belongs to another request may never settle. */
async function withinLimit(isAlive: Promise<boolean>, limit: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), limit)))
  try {
    return await Promise.race([isAlive, late])
  } finally {
    clearTimeout(timer)
  }
}
