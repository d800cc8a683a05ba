import type { Adapter, SessionAdapter } from './adapter.ts'
import { AuthError } from './errors.ts'

/** Every method that a store may have. A Record, so that the compiler misses none. */
const METHODS: Readonly<Record<keyof SessionAdapter, true>> = {
  createUser: true,
  getUser: true,
  getUserByEmail: true,
  getUserByAccount: true,
  updateUser: true,
  deleteUser: true,
  linkAccount: true,
  unlinkAccount: true,
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
}

type AnyMethod = (...args: unknown[]) => unknown

/**
 * The adapter behind a wall: whatever it throws, and an answer that doesn't come in time, is an `AdapterError` with the cause kept
 * for the log. A dead store is an error and never "signed out".
 *
 * @param timeout milliseconds
 */
export function guardAdapter(adapter: Adapter, timeout: number): Adapter {
  const guarded: Record<string, AnyMethod> = {}
  for (const name of Object.keys(METHODS)) {
    const method: unknown = Reflect.get(adapter, name)
    if (typeof method === 'function') guarded[name] = (...args) => settle(() => method.apply(adapter, args), timeout)
  }
  return guarded // the same methods with the same results, each behind the wall
}

function settle(call: () => unknown, timeout: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => {
      clearTimeout(timer)
      reject(new AuthError('AdapterError', { cause }))
    }
    const timer = setTimeout(() => fail(new Error(`no answer within ${timeout} ms`)), timeout)
    const succeed = (answer: unknown) => {
      clearTimeout(timer)
      resolve(answer)
    }
    // An adapter that throws at once fails like one that rejects.
    new Promise((answer) => answer(call())).then(succeed, fail)
  })
}
