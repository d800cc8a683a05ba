import type { Logger } from '@latchkey/core'

/** Milliseconds. By then the response is on its way: what is done for some addresses only can't delay it. */
const DELAY = 50

export interface LaterOptions {
  readonly logger: Logger
  readonly waitUntil: (sending: Promise<void>) => void
}

/** Sends mails once the response is on its way. What goes wrong is logged: the client can't be told, or it would know who has an account. */
export function later({ logger, waitUntil }: LaterOptions, send: () => Promise<unknown>): void {
  const sending = sendAfter(logger, send)
  try {
    waitUntil(sending)
  } catch (cause) {
    logger.error('`waitUntil` failed, so a mail may not be sent', cause)
  }
}

async function sendAfter(logger: Logger, send: () => Promise<unknown>): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, DELAY))
  try {
    await send()
  } catch (cause) {
    logger.error('a mail could not be sent', cause)
  }
}
