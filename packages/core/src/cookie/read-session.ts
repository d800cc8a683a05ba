import { type IncomingCookie, readCookie } from './read.ts'
import type { SessionCookie } from './session-cookie.ts'

/**
 * The request's session cookie. If it replaces another library's, that one counts where ours wasn't sent at all: ours decides alone, also
 * if it doesn't count any more. The names of both are present, so that both are cleared.
 */
export function readSessionCookie(header: string | null | undefined, cookie: SessionCookie): IncomingCookie {
  const ours = readCookie(header, cookie.name)
  if (!cookie.replaces) return ours
  const theirs = readCookie(header, cookie.replaces.name)
  if (theirs.present.length === 0) return ours
  if (ours.present.length === 0) return { ...theirs, isTheirs: true }
  return { value: ours.value, present: [...ours.present, ...theirs.present] }
}
