import type { Operation, OperationLink } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'

/** Sends one query or mutation, and answers its data. @throws TRPCClientError */
export type SendOperation = (op: Operation) => Promise<unknown>

/** A mutation that the link makes by itself. */
export function toMutation(path: string, input?: unknown): Operation {
  return { id: 0, type: 'mutation', path, input, context: {}, signal: null }
}

/** Sends through a terminating link, which has no next one. */
export function toSend<TRouter extends AnyTRPCRouter>(link: OperationLink<TRouter>): SendOperation {
  return (op) =>
    new Promise((resolve, reject) => {
      link({ op, next: undefined as never }).subscribe({
        next: ({ result }) => resolve('data' in result ? result.data : undefined),
        error: reject,
      })
    })
}
