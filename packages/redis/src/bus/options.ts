import { configurationError, type Duration, type Logger, readDuration } from '@latchkey/core'

/** Options of {@link redisBus}. */
export interface RedisBusOptions {
  /**
   * What its key begins with. Give each app that shares a Redis its own.
   *
   * @default 'latchkey:'
   */
  readonly prefix?: string
  /**
   * For how long messages are kept for instances that were cut off, or that start.
   *
   * @default '1h'
   */
  readonly history?: Duration
  /**
   * How many messages are kept at most: some 500 bytes each.
   *
   * @default 10_000
   */
  readonly maxMessages?: number
  /** Receives the beginning and the end of an outage. @default console */
  readonly logger?: Logger
}

export interface RedisBusSettings {
  readonly key: string
  /** Milliseconds. */
  readonly history: number
  readonly maxMessages: number
  readonly logger: Logger
}

/** @throws AuthError `Configuration` */
export function readBusOptions(options: RedisBusOptions): RedisBusSettings {
  const { prefix = 'latchkey:', maxMessages = 10_000, logger = console } = options
  if (!Number.isInteger(maxMessages) || maxMessages < 1)
    throw configurationError('redisBus.maxMessages', 'write a whole number of one or more')
  const history = Math.ceil(readDuration('redisBus.history', options.history, '1h'))
  return { key: `${prefix}bus`, history, maxMessages, logger }
}
