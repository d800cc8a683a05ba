import type { CompiledQuery, Dialect, QueryResult } from 'kysely'
import { sqliteDialectOn } from './sqlite-parts.ts'
import { createStatementDriver } from './statement-driver.ts'

/** The part of a Cloudflare D1 database, or of a session of one, that is used. */
export interface D1Client {
  readonly prepare: (sql: string) => D1Statement
}

interface D1Statement {
  readonly bind: (...parameters: readonly unknown[]) => D1Statement
  readonly all: () => Promise<D1Result>
}

interface D1Result {
  readonly results: readonly unknown[]
  readonly meta: { readonly changes?: number; readonly last_row_id?: number | null }
}

/** Cloudflare D1: SQLite, each statement by itself. */
export function d1Dialect(client: D1Client): Dialect {
  return sqliteDialectOn(() => createStatementDriver('Cloudflare D1', (query) => run(client, query)))
}

async function run(client: D1Client, { sql, parameters }: CompiledQuery): Promise<QueryResult<unknown>> {
  const { results, meta } = await client
    .prepare(sql)
    .bind(...parameters.map(toBindable))
    .all()
  const { changes = 0, last_row_id: id } = meta
  return {
    rows: [...results],
    numAffectedRows: BigInt(changes),
    ...(typeof id === 'number' && { insertId: BigInt(id) }),
  }
}

/** D1 refuses undefined and bigints. */
function toBindable(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  return value === undefined ? null : value
}
