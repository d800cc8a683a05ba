import { type Operation, type OperationResultEnvelope, TRPCClientError } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'
import { observable, type Observable, type Unsubscribable } from '@trpc/server/observable'
import { readErrorKind } from '../error-kind.ts'
import { addToInput } from '../send.ts'
import { isEnding, type Tokens } from '../tokens/tokens.ts'
import { type AttemptParts, repairAfter } from './attempt.ts'

type Failure = TRPCClientError<AnyTRPCRouter>
export type Results = Observable<OperationResultEnvelope<unknown, Failure>, Failure>

/** What an app's operation is sent with. */
export interface OperationParts extends AttemptParts {
  /** Called with the error of a call that failed. */
  readonly refused: (error: unknown) => void
  /** Waits until the connection is ready for these tokens. */
  readonly prepare: (tokens: Tokens | null) => Promise<void>
  /** How long before its end an access token is refreshed, in milliseconds. */
  readonly early: number
}

/**
 * One of the app's operations, of any kind and over any link: sent with a live access token, and if that is refused as expired, sent once more
 * with a new one. A subscription may outlive many tokens: it begins anew after its last event each time that one has expired.
 */
export function runOperation(
  { keeper, refused, prepare, early, stepUp }: OperationParts,
  next: (op: Operation) => Results,
  op: Operation,
): Results {
  return observable((observer) => {
    let inner: Unsubscribable | undefined
    let tokens: Tokens | null
    let lastEventId: string | undefined
    const hasSteppedUp = stepUp(true)
    let isRetry = false
    let isReconnected = false
    let isStopped = false

    const attempt = async (): Promise<void> => {
      tokens = await keeper.fresh()
      await prepare(tokens)
      if (isStopped) return
      isReconnected = false
      inner = next(lastEventId === undefined ? op : addToInput(op, { lastEventId })).subscribe({
        next: (envelope) => {
          note(envelope.result)
          observer.next(envelope)
        },
        complete: () => observer.complete(),
        error: (failure) => {
          attemptAgain(failure).catch(fail)
        },
      })
    }
    const note = (result: OperationResultEnvelope<unknown, Failure>['result']) => {
      // Only a `state` has it.
      isReconnected ||= Boolean((result as { readonly error?: unknown }).error)
      if ('id' in result && typeof result.id === 'string') lastEventId = result.id
    }
    const attemptAgain = async (error: Failure): Promise<void> => {
      refused(error)
      const kind = readErrorKind(error)
      // A stream that reconnected by itself presented its ticket a second time: it needs another one.
      if (tokens && isReconnected && kind === 'InvalidToken') return attempt()
      const mayRetry = !isRetry || (op.type === 'subscription' && tokens && isEnding(tokens, early))
      if (kind === 'AccessTokenExpired' && !mayRetry) throw error
      await repairAfter(error, keeper, tokens, hasSteppedUp)
      isRetry = true
      await attempt()
    }
    const fail = (error: unknown) => {
      if (!isStopped) observer.error(TRPCClientError.from(Object(error)))
    }
    attempt().catch(fail)
    return () => {
      isStopped = true
      inner?.unsubscribe()
    }
  })
}
