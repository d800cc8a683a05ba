import { mysqlDialect } from '@latchkey/kysely'
import type { Dialect, MysqlPool } from 'kysely'
import { hasMethods, type Shape, toShape } from '../shape.ts'
import { createTurns } from './turns.ts'

type Connection = Parameters<Parameters<MysqlPool['getConnection']>[0]>[1]

/** A pool or a connection of `mysql2`, with callbacks. */
export type Mysql2Client = { readonly pool: MysqlPool } | { readonly connection: SingleConnection }

interface SingleConnection {
  readonly query: Connection['query']
  readonly end: MysqlPool['end']
  on(event: 'error', listener: () => void): unknown
}

/** Finds the pool or connection with callbacks, which one with promises wraps; null if it is neither. */
export function readMysql2Client(shape: Shape | null): Mysql2Client | null {
  if (shape === null) return null
  const inner = hasMethods(shape, 'promise') ? shape : (toShape(shape['pool']) ?? toShape(shape['connection']))
  if (!hasMethods(inner, 'promise', 'query', 'end', 'on')) return null
  // What its methods say.
  return hasMethods(inner, 'getConnection')
    ? { pool: inner as unknown as MysqlPool }
    : { connection: inner as unknown as SingleConnection }
}

export function mysql2Dialect(client: unknown): Dialect {
  const found = readMysql2Client(toShape(client))
  if (!found) throw new TypeError('db: this is no client of mysql2')
  return mysqlDialect('pool' in found ? found.pool : poolOfOne(found.connection))
}

/** Transactions and statements take turns on the one connection. */
function poolOfOne(connection: SingleConnection): MysqlPool {
  const turns = createTurns()
  // Without a listener a connection that breaks while nothing runs would end the process. The next statement fails all the same.
  connection.on('error', () => {})
  const query: Connection['query'] = connection.query.bind(connection)
  const borrowed: Connection = { query, release: turns.giveBack }
  return {
    getConnection: (callback) => {
      const lend = async () => {
        await turns.take()
        callback(null, borrowed)
      }
      void lend()
    },
    end: (callback) => connection.end(callback),
  }
}
