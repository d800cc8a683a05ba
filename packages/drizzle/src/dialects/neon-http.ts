import type { CompiledQuery, Dialect, QueryResult } from 'kysely'
import { postgresDialectOn } from './postgres-parts.ts'
import { createStatementDriver } from './statement-driver.ts'

type Query = (sql: string, parameters: readonly unknown[], options: typeof FULL) => Promise<NeonResult>

/** What `neon(…)` of `@neondatabase/serverless` returns. Before version 1 it took the statement itself. */
export type NeonHttpClient = Query & { readonly query?: Query }

interface NeonResult {
  readonly rows: readonly unknown[]
  readonly command?: string
  readonly rowCount?: number | null
}

/** Neon over HTTP: PostgreSQL, each statement by itself. */
export function neonHttpDialect(client: NeonHttpClient): Dialect {
  return postgresDialectOn(() => createStatementDriver('Neon over HTTP', (query) => run(client, query)))
}

const FULL = { fullResults: true, arrayMode: false } as const

async function run(client: NeonHttpClient, { sql, parameters }: CompiledQuery): Promise<QueryResult<unknown>> {
  const query = client.query ?? client
  const { rows, command, rowCount } = await query(sql, parameters, FULL)
  const isCounted = command !== undefined && COUNTED.has(command)
  return { rows: [...rows], ...(isCounted && { numAffectedRows: BigInt(rowCount ?? 0) }) }
}

const COUNTED: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])
