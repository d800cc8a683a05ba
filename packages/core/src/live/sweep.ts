import type { Coverage } from '../bus/coverage.ts'
import { unref } from '../internal/unref.ts'
import type { LiveSession } from './session.ts'

/** Milliseconds between two steps. */
const PAUSE = 100
/** How many rows a step asks for: a thousand a second. */
const BATCH = 100
/** How many live sessions a step looks at. */
const LOOK_AT = 10_000

/**
 * After a gap in what the bus delivers, and while nothing is heard, open streams wait for ends that may never be told. So their rows are asked,
 * a batch at a time, one after the other.
 */
export function createSweep(
  coverage: Coverage,
  list: () => Iterator<{ readonly live: LiveSession }>,
): { readonly stop: () => void } {
  let position = list()
  let timer: ReturnType<typeof setTimeout> | undefined
  let isStopped = false
  /** @returns whether there may be more */
  const step = async () => {
    const batch: LiveSession[] = []
    let rounds = 0
    for (let seen = 0; seen < LOOK_AT && batch.length < BATCH && rounds < 2; seen++) {
      const next = position.next()
      if (next.done) {
        position = list()
        rounds++
      } else if (!next.value.live.isConfirmed()) batch.push(next.value.live)
    }
    await Promise.all(batch.map(({ confirm }) => confirm()))
    return rounds < 2 || batch.length > 0
  }
  const run = async () => {
    const isMore = await step()
    timer = undefined
    if (isMore || coverage.isLost()) start()
  }
  const start = () => {
    if (isStopped) return
    timer ??= setTimeout(() => void run(), PAUSE)
    unref(timer)
  }
  coverage.onGap(start)
  return {
    stop: () => {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
