import type { Logger } from '@latchkey/core'

/** Does something after the response. A failure is logged. */
export type InBackground = (what: string, task: () => Promise<void>) => void

/** Milliseconds. By then the response has been written: nothing of the task can be seen in its time. */
const DELAY = 20

/** @param waitUntil keeps a serverless function alive until the promise has settled */
export function createBackground(logger: Logger, waitUntil: ((work: Promise<void>) => void) | undefined): InBackground {
  return (what, task) => {
    const work = run(task).catch((cause: unknown) => logger.error(`${what} failed`, cause))
    waitUntil?.(work)
  }
}

async function run(task: () => Promise<void>): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, DELAY))
  await task()
}
