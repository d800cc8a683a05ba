import { type PrismaClientLike, transactionsOf } from './client.ts'
import { toDriverError } from './errors.ts'

/** A transaction of Prisma that has begun. */
export interface OpenTransaction {
  readonly client: PrismaClientLike
  readonly commit: () => Promise<void>
  readonly rollback: () => Promise<void>
}

/**
 * Prisma ends a transaction by itself after 5 s unless it is told another time. Migrations wait a minute for another instance's, and may
 * build an index on a large table. Milliseconds.
 */
const TIMES = { maxWait: 10_000, timeout: 600_000 }

/**
 * Begins an interactive transaction. Prisma's runs as long as a function that it is given: this one waits until it is told how to end.
 *
 * @throws TypeError for the client of a transaction, which has none of its own
 */
export async function beginTransaction(prisma: PrismaClientLike, options: object): Promise<OpenTransaction> {
  const transactions = transactionsOf(prisma)
  if (!transactions) throw new TypeError('prisma: this client belongs to a transaction, and can begin no other')
  const begun = createDeferred<PrismaClientLike>()
  const ended = createDeferred<void>()
  const run = (client: PrismaClientLike) => {
    begun.resolve(client)
    return ended.promise
  }
  const outcome = transactions.interactive(run, { ...TIMES, ...options })
  outcome.catch(begun.reject)
  return {
    client: await begun.promise.catch(throwDriverError),
    commit: async () => {
      ended.resolve()
      await outcome.catch(throwDriverError)
    },
    rollback: async () => {
      const reason = new Error('rolled back')
      ended.reject(reason)
      await outcome.catch((error: unknown) => error === reason || throwDriverError(error))
    },
  }
}

interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (reason: unknown) => void
}

/** Node 20 has no Promise.withResolvers. */
function createDeferred<T>(): Deferred<T> {
  let resolve: Deferred<T>['resolve'] = () => {}
  let reject: Deferred<T>['reject'] = () => {}
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle))
  return { promise, resolve, reject }
}

function throwDriverError(error: unknown): never {
  throw toDriverError(error)
}
