import type { CompleteAdapter, SessionAndUser } from '@latchkey/core'
import { endSession } from './end-sessions.ts'
import type { Shared } from './shared.ts'
import { takeOver, takeOverAll } from './take-over-session.ts'
import { readUser } from './users.ts'

type SessionMethods = Pick<
  CompleteAdapter,
  'getSessionAndUser' | 'slideSession' | 'listSessions' | 'readSessionCookie' | 'takeOverSession' | 'shareSession'
>

export function sessionMethods(shared: Shared): SessionMethods {
  const { base, links, sessions, cookie } = shared
  const getSessionAndUser = (sessionToken: string) => readSession(shared, sessionToken)
  return {
    getSessionAndUser,
    readSessionCookie: cookie.read,
    takeOverSession: async ({ token }) => {
      const sessionToken = await takeOver(shared, token)
      return sessionToken === null ? null : getSessionAndUser(sessionToken)
    },
    shareSession: async ({ token, session }) => {
      const { id, sessionToken: hash, userId: user, expires } = session
      // First the link: whoever sees the row before the session has begun must not take it over.
      await links.insert({ hash, session: id, token, user, expires })
      await sessions.insert({ token, userId: user, expires })
      return cookie.write(token)
    },
    slideSession: async (slide) => {
      const { sessionToken: hash, expires } = slide
      const link = await links.get({ hash })
      if (link) {
        await sessions.extend(link.token, expires)
        await links.update({ hash }, { expires })
      }
      return base.slideSession(slide)
    },
    listSessions: async (query) => {
      await takeOverAll(shared, query.userId)
      return base.listSessions(query)
    },
  }
}

async function readSession(shared: Shared, sessionToken: string): Promise<SessionAndUser | null> {
  const { base, links, sessions, stage } = shared
  const [found, link] = await Promise.all([base.getSessionAndUser(sessionToken), links.get({ hash: sessionToken })])
  if (!found || found.session.revokedAt) return found
  if (!link) return stage === 'moved' ? found : withTheirUser(shared, found)
  const theirs = await sessions.byToken(link.token)
  if (!theirs) return endedThere(shared, sessionToken, found)
  const { expires } = theirs
  const isSame = Math.abs(expires.getTime() - found.session.expires.getTime()) < 1_000
  if (!isSame) {
    // First the link: without it nobody would see the session end in the old table.
    await links.update({ hash: sessionToken }, { expires })
    await shared.setExpires(sessionToken, expires)
  }
  const current = isSame ? found : { ...found, session: { ...found.session, expires } }
  return stage === 'moved' ? current : withTheirUser(shared, current)
}

/** The old table decides who the user is; without a row there they were deleted. */
async function withTheirUser(shared: Shared, found: SessionAndUser): Promise<SessionAndUser | null> {
  const user = await readUser(shared, found.session.userId)
  return user && { ...found, user }
}

/** Somebody has signed out at the old app, unless the link was removed just now: then the take-over has been finished. */
async function endedThere(
  shared: Shared,
  sessionToken: string,
  { session }: SessionAndUser,
): Promise<SessionAndUser | null> {
  if (await shared.links.get({ hash: sessionToken })) await endSession(shared, session, new Date())
  return shared.base.getSessionAndUser(sessionToken)
}
