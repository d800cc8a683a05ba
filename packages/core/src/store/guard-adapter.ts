import type { Adapter, SessionAdapter } from './adapter.ts'
import { type Attempt, type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts'
import { AuthError } from '../errors.ts'
import { isThenable } from '../internal/is-thenable.ts'
import type { Table, TableSpec, TableStore } from './tables/table.ts'
import { NoAnswer } from './unanswered.ts'

/** Every method that a store may have, and that is waited for. A Record, so that the compiler misses none. */
const METHODS: Readonly<Record<Exclude<keyof SessionAdapter, 'table'>, true>> = {
  createUser: true,
  getUser: true,
  getUserByEmail: true,
  getUserByAccount: true,
  updateUser: true,
  deleteUser: true,
  keepsUserField: true,
  linkAccount: true,
  unlinkAccount: true,
  listAccounts: true,
  createSession: true,
  getSessionAndUser: true,
  updateSession: true,
  deleteSession: true,
  createVerificationToken: true,
  useVerificationToken: true,
  slideSession: true,
  rotateSession: true,
  writeSessionClaims: true,
  listSessions: true,
  revokeSession: true,
  revokeSessions: true,
  deleteExpired: true,
  readSessionCookie: true,
  takeOverSession: true,
  shareSession: true,
}

type AnyMethod = (...args: unknown[]) => unknown

/**
 * Guards an adapter: whatever it throws, and a response that doesn't come in time, is an `AdapterError` with the cause kept
 * for the log. A dead store is an error and never "signed out", and one that hangs is waited for once and not by every call.
 *
 * @param timeout milliseconds
 */
export function guardAdapter(adapter: Adapter, timeout: number): Adapter {
  // No session has an empty token.
  const breaker = createCircuitBreaker(() => adapter.getSessionAndUser?.(''), timeout)
  const guarded: Adapter = guardMethods(adapter, Object.keys(METHODS), breaker, timeout)
  return adapter.table ? { ...guarded, table: guardTables(adapter, breaker, timeout) } : guarded
}

/** The same for what keeps the tables of plug-ins beside an adapter. */
export function guardTableStore(store: TableStore, timeout: number): TableStore {
  let opened: Table<TableSpec> | undefined
  const breaker = createCircuitBreaker(() => opened?.list({ limit: 1 }), timeout)
  const open = guardTables(store, breaker, timeout)
  return {
    ...store,
    ...guardMethods(store, ['deleteUser', 'deleteExpired'], breaker, timeout),
    table: (name, spec) => {
      opened ??= store.table<TableSpec>(name, spec)
      return open(name, spec)
    },
  }
}

/** Opens tables on the given store; each call of one stands behind the same guard as the store's own. */
function guardTables(
  store: Pick<Adapter, 'table'>,
  breaker: CircuitBreaker,
  timeout: number,
): NonNullable<Adapter['table']> {
  return (name, spec) => {
    const table = store.table?.(name, spec)
    if (!table) throw new TypeError('adapter: table() has opened nothing')
    return { ...table, ...guardMethods(table, Object.keys(table), breaker, timeout) }
  }
}

/** The same methods with the same results. */
function guardMethods(store: object, names: readonly string[], breaker: CircuitBreaker, timeout: number): object {
  const guarded: Record<string, AnyMethod> = {}
  for (const name of names) {
    const method: unknown = Reflect.get(store, name)
    if (typeof method === 'function')
      guarded[name] = (...args) => callInTime(() => method.apply(store, args), breaker, timeout)
  }
  return guarded
}

function callInTime(call: () => unknown, breaker: CircuitBreaker, timeout: number): Promise<unknown> {
  return breaker.isOpen() ? callIfAlive(call, breaker, timeout) : callNow(call, breaker, timeout)
}

async function callIfAlive(call: () => unknown, breaker: CircuitBreaker, timeout: number): Promise<unknown> {
  if (await breaker.probe()) return callNow(call, breaker, timeout)
  throw toAdapterError(new Error('not asked: the store has stopped answering'))
}

function callNow(call: () => unknown, breaker: CircuitBreaker, timeout: number): Promise<unknown> {
  try {
    const answer = call()
    // One that returns at once, as some in memory do, needs no timer.
    return isThenable(answer) ? settleInTime(answer, breaker.begin(), timeout) : Promise.resolve(answer)
  } catch (cause) {
    // An adapter that throws at once fails like one that rejects.
    return Promise.reject(toAdapterError(cause))
  }
}

function toAdapterError(cause: unknown): AuthError {
  return new AuthError('AdapterError', { cause })
}

function settleInTime(answer: PromiseLike<unknown>, attempt: Attempt, timeout: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      attempt.expired()
      reject(toAdapterError(new NoAnswer(timeout)))
    }, timeout)
    const settle = (note: () => void, pass: (outcome: unknown) => void, outcome: unknown) => {
      clearTimeout(timer)
      note()
      pass(outcome)
    }
    // Once: some builders run their query each time that they are awaited.
    Promise.resolve(answer).then(
      (value) => settle(attempt.answered, resolve, value),
      (cause: unknown) => settle(attempt.failed, reject, toAdapterError(cause)),
    )
  })
}
