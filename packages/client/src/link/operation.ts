import { type Operation, type OperationResultEnvelope, TRPCClientError } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'
import { observable, type Observable, type Unsubscribable } from '@trpc/server/observable'
import { readErrorKind } from '../error-kind.ts'
import type { Keeper } from '../tokens/keeper.ts'
import { isEnding, type Tokens } from '../tokens/tokens.ts'
import { refused } from './attempt.ts'

type Failure = TRPCClientError<AnyTRPCRouter>
export type Results = Observable<OperationResultEnvelope<unknown, Failure>, Failure>

/** What an app's operation is sent with. */
export interface OperationParts {
  readonly keeper: Keeper
  readonly next: (op: Operation) => Results
  /** Waits until the way is ready for these tokens. */
  readonly prepare: (tokens: Tokens | null) => Promise<void>
  readonly early: number
}

/**
 * One of the app's operations, of any kind and over any link: sent with a live access token, and where it is refused as expired, sent
 * once more with a new one. A subscription, which may outlive many tokens, begins anew after its last event each time that one has
 * lived out its life.
 */
export function runOperation(parts: OperationParts, op: Operation): Results {
  return observable((observer) => {
    const run = createRun(op)
    const fail = (error: unknown) => {
      if (!run.stopped) observer.error(TRPCClientError.from(Object(error)))
    }
    const attempt = async (isRetry: boolean): Promise<void> => {
      const tokens = await parts.keeper.fresh()
      await parts.prepare(tokens)
      if (run.stopped) return
      run.reconnected = false
      run.inner = parts.next(run.op()).subscribe({
        next: (envelope) => {
          run.saw(envelope)
          observer.next(envelope)
        },
        complete: () => observer.complete(),
        error: (failure) => {
          answer(failure, tokens, isRetry).catch(fail)
        },
      })
    }
    const answer = async (error: Failure, tokens: Tokens | null, isRetry: boolean): Promise<void> => {
      if (!tokens) throw error
      const kind = readErrorKind(error)
      // A stream connected again by itself, with the ticket that it had used up.
      if (kind === 'InvalidToken' && run.reconnected) return await attempt(isRetry)
      if (kind !== 'AccessTokenExpired') return await refused(parts.keeper, tokens, error)
      const mayRetry = !isRetry || (op.type === 'subscription' && isEnding(tokens, parts.early))
      if (!mayRetry) throw error
      await parts.keeper.renew(tokens)
      await attempt(true)
    }
    attempt(false).catch(fail)
    return run.stop
  })
}

/** What one operation remembers between its attempts. */
interface Run {
  inner: Unsubscribable | undefined
  stopped: boolean
  /** Whether the connection of this attempt was lost once. */
  reconnected: boolean
  readonly stop: () => void
  readonly saw: (envelope: OperationResultEnvelope<unknown, Failure>) => void
  /** The operation; a subscription whose events are tracked goes on after the last one. */
  readonly op: () => Operation
}

function createRun(op: Operation): Run {
  let lastEventId: string | undefined
  const run: Run = {
    inner: undefined,
    stopped: false,
    reconnected: false,
    stop: () => {
      run.stopped = true
      run.inner?.unsubscribe()
    },
    saw: ({ result }) => {
      if (result.type === 'state' && result.error) run.reconnected = true
      if ('id' in result && typeof result.id === 'string') lastEventId = result.id
    },
    op: () => (lastEventId === undefined ? op : { ...op, input: { ...Object(op.input), lastEventId } }),
  }
  return run
}
