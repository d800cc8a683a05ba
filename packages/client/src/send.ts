import type { Operation, OperationLink } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'

/** Sends one query or mutation, and returns its data. @throws TRPCClientError */
export type SendOperation = (op: Operation) => Promise<unknown>

/** A mutation that the link makes by itself. */
export function toMutation(path: string, input?: unknown): Operation {
  return { id: 0, type: 'mutation', path, input, context: {}, signal: null }
}

/** The operation with these fields in its input, in place of its own of the same names. */
export function addToInput(op: Operation, fields: object): Operation {
  return { ...op, input: { ...Object(op.input), ...fields } }
}

/** The operation without an access token: it needs none, and mustn't fail for one. */
export function withoutToken(op: Operation): Operation {
  return { ...op, context: { ...op.context, needsNoToken: true } }
}

/** Sends through a terminating link, which has no next one. */
export function toSend<TRouter extends AnyTRPCRouter>(link: OperationLink<TRouter>): SendOperation {
  return (op) =>
    new Promise((resolve, reject) => {
      link({ op, next: undefined as never }).subscribe({
        // Undefined if it is no data.
        next: ({ result }) => resolve((result as { readonly data?: unknown }).data),
        error: reject,
      })
    })
}
