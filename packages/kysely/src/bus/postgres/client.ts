/** What the bus needs of a connection: `pg`'s `Client` has it, and so has that of `@neondatabase/serverless`. */
export interface PostgresBusClient {
  query(text: string, values?: unknown[]): Promise<unknown>
  on(event: 'notification', listener: (notification: PostgresNotification) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'end', listener: () => void): unknown
  end(): Promise<void>
}

/** A message as `pg` reads it. */
export interface PostgresNotification {
  readonly channel: string
  readonly payload?: string | undefined
}

/** A pool of `pg`, whose options its connections are made of. */
export interface PostgresBusPool {
  readonly options: object
}

/** Opens a connection, and connects it. */
export type ConnectPostgres = () => Promise<PostgresBusClient>

/** Milliseconds that connecting may take. */
export const CONNECT_TIMEOUT = 2_000

/**
 * Connects as a pool does. The connection isn't one of the pool's: it is kept for as long as the process runs.
 *
 * @throws TypeError if it is no pool of `pg`
 */
export function connectLike(pool: PostgresBusPool): ConnectPostgres {
  // `pg` doesn't declare it, but every pool has it: the class that it makes its connections of.
  const Client: unknown = Reflect.get(pool, 'Client')
  if (typeof Client !== 'function' || typeof pool.options !== 'object')
    throw new TypeError('pool: this is no Pool of pg. Pass `connect`, which opens a connection with LISTEN and NOTIFY')
  return async () => {
    const client = Reflect.construct(Client, [toClientOptions(pool)]) as PostgresBusClient & {
      readonly connect: () => Promise<void>
    } // a Client of pg's, for it is a Pool of pg's
    // While it connects, too: an error without a listener ends the process.
    client.on('error', () => {})
    await client.connect()
    return client
  }
}

function toClientOptions({ options }: PostgresBusPool): object {
  const password: unknown = Reflect.get(options, 'password')
  return {
    fallback_application_name: 'latchkey bus',
    ...options,
    // A pool hides it from being listed.
    ...(password !== undefined && { password }),
    keepAlive: true,
    pipeline: false,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
  }
}
