import type { Logger } from './logger.ts'
import type { Awaitable } from './types.ts'

/** Does something once the response is on its way. `failure` is what the log says if it fails. */
export type InBackground = (failure: string, task: () => Awaitable<unknown>) => void

/** What {@link createBackground} takes. */
export interface BackgroundOptions {
  /** The plug-in's own: `engine.logger`. */
  readonly logger: Logger
  /** Keeps a serverless function alive until the promise has settled. @default none: the process goes on after a response */
  readonly waitUntil?: ((work: Promise<void>) => void) | undefined
}

/** Milliseconds. By then the response has been written: its time says nothing of the task. */
const DELAY = 50

/**
 * Makes a function that does something after the response, so that the response doesn't show, by its time or otherwise, whether there was
 * anything to do: a mail to somebody who has an account, say. A failure is logged. Decide inside the task whether there is anything to do.
 *
 * @example
 * const inBackground = createBackground({ logger: engine.logger, waitUntil: options.waitUntil })
 * inBackground('a mail could not be sent', async () => {
 *   if (await engine.store.getUserByEmail(email)) await send(email)
 * })
 */
export function createBackground({ logger, waitUntil }: BackgroundOptions): InBackground {
  return (failure, task) => {
    const work = runLater(task).catch((cause: unknown) => logger.error(failure, cause))
    try {
      waitUntil?.(work)
    } catch (cause) {
      logger.error('`waitUntil` failed, so what follows the response may not be done', cause)
    }
  }
}

async function runLater(task: () => Awaitable<unknown>): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, DELAY))
  await task()
}
