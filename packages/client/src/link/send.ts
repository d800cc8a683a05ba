import type { Operation, OperationLink } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'

/** Sends one query or mutation, and answers its data. @throws TRPCClientError */
export type SendOperation = (op: Operation) => Promise<unknown>

/** The same through a terminating link. */
export function toSend<TRouter extends AnyTRPCRouter>(link: OperationLink<TRouter>): SendOperation {
  return (op) =>
    new Promise((resolve, reject) => {
      link({ op, next: neverCalled }).subscribe({
        next: ({ result }) => resolve('data' in result ? result.data : undefined),
        error: reject,
      })
    })
}

function neverCalled(): never {
  throw new Error('A terminating link calls nobody.')
}
