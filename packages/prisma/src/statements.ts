import {
  type CompiledQuery,
  DeleteQueryNode,
  InsertQueryNode,
  MergeQueryNode,
  RawNode,
  SelectQueryNode,
  UpdateQueryNode,
} from 'kysely'

/** Whether a statement returns rows. Prisma has one function for those that do, and one that counts the rows of those that don't. */
export function returnsRows({ query, sql }: CompiledQuery): boolean {
  if (SelectQueryNode.is(query)) return true
  if (isWrite(query)) return query.returning !== undefined
  return RawNode.is(query) && (READS.test(sql) || RETURNS.test(sql))
}

function isWrite(
  query: CompiledQuery['query'],
): query is InsertQueryNode | UpdateQueryNode | DeleteQueryNode | MergeQueryNode {
  return InsertQueryNode.is(query) || UpdateQueryNode.is(query) || DeleteQueryNode.is(query) || MergeQueryNode.is(query)
}

const READS = /^[\s(]*(?:select|with|values|table|show|pragma|explain|describe)\b/i
const RETURNS = /\breturning\b/i

/** Whether a statement returns its number by `last_insert_id(…)`, which can be read on the same connection only. */
export function setsInsertId({ query, sql }: CompiledQuery): boolean {
  return InsertQueryNode.is(query) && sql.includes('last_insert_id(')
}

/**
 * Whether a statement changes the connection that it runs on. Such a statement of an app's own text is refused where the next one may run
 * on another connection: a transaction that nobody ends, or a lock that nobody gives back.
 */
export function setsConnection({ query, sql }: CompiledQuery): boolean {
  return RawNode.is(query) && SETS_CONNECTION.test(sql)
}

const SETS_CONNECTION =
  /^\s*(?:begin|start\s+transaction|commit|end|rollback|savepoint|release|set|lock|listen|unlisten)\b|\b(?:get_lock|release_lock|pg_advisory_lock|pg_advisory_unlock)\s*\(/i
