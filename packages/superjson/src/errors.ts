import { AuthError, isAuthError } from '@latchkey/core'
import { toTRPCError } from '@latchkey/trpc'
import type { TRPCError } from '@trpc/server'

/** A refused input. Clients get the fixed message of the kind; the detail is for the server's log. */
export function refusal(detail: string, cause?: unknown): AuthError {
  return new AuthError('InvalidInput', { detail: `superjson input: ${detail}`, cause })
}

/** What tRPC reports. An error that superjson or a transformer of the app threw means that the sender wrote something malformed. */
export function toInputError(error: unknown): TRPCError {
  return toTRPCError(isMeantForClients(error) ? error : refusal('it is malformed', error))
}

/** By name too, as tRPC itself does: an app may hold two copies of `@trpc/server`. */
function isMeantForClients(error: unknown): boolean {
  return isAuthError(error) || (error instanceof Error && error.name === 'TRPCError')
}
