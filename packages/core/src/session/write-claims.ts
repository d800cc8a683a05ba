import type { SessionAndUser, SessionAdapter } from '../store/adapter.ts'
import { AuthError } from '../errors.ts'

/** How often a patch is tried again when another one was written in between. */
const MAX_TRIES = 5

/**
 * Merges a patch into the claims that a session's row keeps, so that of two at once neither is lost.
 *
 * @returns the row as it is now
 * @throws AuthError `SessionRevoked`, `AdapterError`
 */
export async function writeClaims(
  rows: SessionAdapter,
  sessionToken: string,
  patch: Readonly<Record<string, unknown>>,
): Promise<SessionAndUser> {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const found = await rows.getSessionAndUser(sessionToken)
    if (!found || found.session.revokedAt) throw new AuthError('SessionRevoked')
    const { revision } = found.session
    const claims = { ...found.session.claims, ...patch }
    if (await rows.writeSessionClaims({ sessionToken, revision, claims })) {
      return { ...found, session: { ...found.session, claims } }
    }
  }
  throw new AuthError('AdapterError', { cause: new Error('the session changed faster than it could be written') })
}
