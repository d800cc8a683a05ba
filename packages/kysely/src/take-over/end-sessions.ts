import type { CompleteAdapter, StoredSession } from '@latchkey/core'
import type { Shared } from './shared.ts'

type EndMethods = Pick<CompleteAdapter, 'revokeSession' | 'revokeSessions'>

/** The row in the old table goes first: a session that is missing there ends here at the next look-up, whatever happens in between. */
export function endMethods(shared: Shared): EndMethods {
  const { base, links, sessions } = shared
  return {
    revokeSession: async (params) => {
      const link = await links.get({ session: params.id })
      if (link?.user === params.userId) await sessions.remove(link.token)
      return base.revokeSession(params)
    },
    revokeSessions: async (params) => {
      const kept = params.except === undefined ? null : await links.get({ session: params.except })
      await sessions.removeOthers(params.userId, kept?.token ?? null)
      return base.revokeSessions(params)
    },
  }
}

/** A tombstone for a session that the old table no longer has. */
export async function endSession(
  { base }: Shared,
  { id, userId }: Pick<StoredSession, 'id' | 'userId'>,
  now: Date,
): Promise<void> {
  await base.revokeSession({ id, userId, now })
}
