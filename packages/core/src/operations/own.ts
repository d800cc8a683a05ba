import type { Access, HttpBinding, Operation, OperationType } from '../contract/operation.ts'
import type { Schema } from '../internal/schema.ts'
import type { OperationCall } from '../request/call.ts'

/** One of the library's own operations, which may have other names on a face than in its record. */
export interface OwnOperation<TType extends OperationType> extends Operation<TType, never, never> {
  /** Null: the router doesn't have it. */
  readonly routerName?: string | null | undefined
  /** Null: `ctx.auth` doesn't have it. */
  readonly serverName?: string | null | undefined
}

interface OwnDefinition<TType extends OperationType, TValue> {
  readonly type: TType
  readonly access: Access
  readonly input?: Schema<TValue> | null
  readonly signsIn?: boolean
  readonly origin?: 'own' | 'checked'
  readonly http?: HttpBinding | null
  readonly missing?: string | null
  readonly routerName?: string | null
  readonly serverName?: string | null
  readonly run: (call: OperationCall, input: TValue) => unknown
}

/** Defines an operation that is given the whole engine. Its input and output are typed by the record that it stands in. */
export function own<TType extends OperationType, TValue = undefined>({
  type,
  access,
  input = null,
  signsIn = false,
  origin = 'checked',
  http,
  missing = null,
  routerName,
  serverName,
  run,
}: OwnDefinition<TType, TValue>): OwnOperation<TType> {
  return { type, access, input, signsIn, takesFlow: signsIn, origin, http, missing, routerName, serverName, run }
}
