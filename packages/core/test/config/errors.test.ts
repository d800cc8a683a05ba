import { describe, expect, test } from 'vitest'
import { AuthError, type AuthErrorCode, type AuthErrorKind } from '../../src/index.ts'

/** The contract, by hand: the compiler sees to it that no kind is missing and none is invented. */
const KINDS: Readonly<Record<AuthErrorKind, { readonly code: AuthErrorCode; readonly status: number }>> = {
  AccessDenied: { code: 'FORBIDDEN', status: 403 },
  AccessTokenExpired: { code: 'UNAUTHORIZED', status: 401 },
  AdapterError: { code: 'SERVICE_UNAVAILABLE', status: 503 },
  CallbackRouteError: { code: 'INTERNAL_SERVER_ERROR', status: 500 },
  Configuration: { code: 'INTERNAL_SERVER_ERROR', status: 500 },
  CredentialsSignin: { code: 'UNAUTHORIZED', status: 401 },
  InsufficientScope: { code: 'FORBIDDEN', status: 403 },
  InvalidClaim: { code: 'INTERNAL_SERVER_ERROR', status: 500 },
  InvalidInput: { code: 'BAD_REQUEST', status: 400 },
  InvalidToken: { code: 'UNAUTHORIZED', status: 401 },
  LastWayIn: { code: 'CONFLICT', status: 409 },
  NotASession: { code: 'FORBIDDEN', status: 403 },
  NotFound: { code: 'NOT_FOUND', status: 404 },
  OAuthAccountNotLinked: { code: 'CONFLICT', status: 409 },
  RateLimited: { code: 'TOO_MANY_REQUESTS', status: 429 },
  ResponseCommitted: { code: 'PRECONDITION_FAILED', status: 412 },
  SessionExpired: { code: 'UNAUTHORIZED', status: 401 },
  SessionRequired: { code: 'UNAUTHORIZED', status: 401 },
  SessionRevoked: { code: 'UNAUTHORIZED', status: 401 },
  SessionTooLarge: { code: 'INTERNAL_SERVER_ERROR', status: 500 },
  StepUpRequired: { code: 'FORBIDDEN', status: 403 },
  TokenRefused: { code: 'UNAUTHORIZED', status: 401 },
  TokenReuse: { code: 'UNAUTHORIZED', status: 401 },
  UntrustedOrigin: { code: 'FORBIDDEN', status: 403 },
}

const rows = Object.entries(KINDS).map(([kind, row]) => ({ kind: kind as AuthErrorKind, ...row })) // Object.entries forgets the keys' type

describe('C6 every kind of error', () => {
  test.each(rows)('$kind is $code, $status', ({ kind, code, status }) => {
    const error = new AuthError(kind)
    expect(error).toMatchObject({ name: 'AuthError', kind, code, status })
  })

  test.each(rows)('the message of $kind begins with it, says something, and ends as a sentence', ({ kind }) => {
    for (const message of [new AuthError(kind).message, new AuthError(kind).publicMessage]) {
      expect(message).toMatch(new RegExp(`^${kind}: [A-Z].{10,}\\.$`))
    }
  })

  test.each(rows)('what a client may see of $kind is fixed, whatever is behind it', ({ kind }) => {
    const plain = new AuthError(kind).publicMessage
    const secret = new AuthError(kind, { detail: 'hunter2', cause: new Error('hunter2'), retryAfter: 7 })
    expect(secret.publicMessage).toBe(plain)
    expect(secret.message).toBe(`${kind}: hunter2`)
    expect(secret.cause).toEqual(new Error('hunter2'))
    expect(secret.retryAfter).toBe(7)
  })

  test('no two kinds say the same', () => {
    expect(new Set(rows.map(({ kind }) => new AuthError(kind).publicMessage)).size).toBe(rows.length)
  })
})
