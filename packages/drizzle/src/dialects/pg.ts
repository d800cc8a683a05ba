import { postgresDialect, type PostgresDialectOptions, type PostgresPoolEvents } from '@latchkey/kysely'
import type { Dialect, PostgresPool } from 'kysely'
import { createTurns } from './turns.ts'

type Pool = PostgresPool & PostgresPoolEvents
type PoolClient = Awaited<ReturnType<PostgresPool['connect']>>

/** A `Client` of `pg`, which the app has connected. */
interface SingleClient {
  readonly query: PoolClient['query']
  readonly end: () => Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** A `Pool` or a `Client` of `pg`, and what is made like them: Neon's and Vercel's over WebSockets. */
export type PgClient = Pool | SingleClient

export function pgDialect(client: PgClient, options: PostgresDialectOptions): Dialect {
  return postgresDialect(isPool(client) ? client : poolOfOne(client), options)
}

function isPool(client: PgClient): client is Pool {
  return 'totalCount' in client
}

/** Transactions and statements take turns on the one connection. */
function poolOfOne(client: SingleClient): Pool {
  const turns = createTurns()
  const connection = { query: client.query.bind(client), release: turns.giveBack }
  return {
    connect: async () => {
      await turns.take()
      return connection
    },
    end: () => client.end(),
    // The one client is there from the start, and its errors are all that there are.
    on: (event: 'error' | 'connect', listener: (value: never) => void) => {
      if (event === 'error') client.on('error', listener as (error: Error) => void)
    },
  }
}
