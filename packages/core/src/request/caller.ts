import type { RequestSource } from '../contract/request-source.ts'
import type { CredentialSource, OpenedCredential } from '../contract/credential.ts'
import type { Identity } from '../contract/identity.ts'
import type { OfPlugin } from '../contract/installed.ts'
import type { Session } from '../contract/session.ts'
import type { AnyToken } from '../contract/token.ts'
import { AuthError } from '../errors.ts'
import { toSeconds } from '../internal/time.ts'
import { freezeSession } from '../session/opened.ts'
import { readRowClaims } from '../session/row-claims.ts'
import { toSession } from '../session/to-session.ts'
import type { RequestEngine } from './engine.ts'

/** A credential of a plug-in's kind that a request carries. */
export interface IncomingCredential {
  readonly from: OfPlugin<CredentialSource>
  readonly value: string
}

/** The first credential that a plug-in finds, in the order of `plugins`. */
export function findPluginCredential(
  { plugins }: RequestEngine,
  source: Pick<RequestSource, 'header'>,
): IncomingCredential | null {
  return plugins.credentials.length === 0 ? null : findFirst(plugins.credentials, source)
}

function findFirst(
  credentials: RequestEngine['plugins']['credentials'],
  source: Pick<RequestSource, 'header'>,
): IncomingCredential | null {
  const header = (name: string) => {
    const value = source.header(name.toLowerCase()) ?? null
    return value === null || isAddedByBrowsers(name, value) ? null : value
  }
  for (const from of credentials) {
    const value = from.part.find(header)
    // Anything else would stand for a credential that no browser adds, and no origin would be checked.
    if (typeof value === 'string') return { from, value }
  }
  return null
}

/** Browsers add these to other sites' requests too, and the origin of a request with a credential isn't checked. */
function isAddedByBrowsers(name: string, value: string): boolean {
  return (
    /^cookie$/i.test(name) || (/^authorization$/i.test(name) && /^ *(?:basic|digest|negotiate|ntlm)\b/i.test(value))
  )
}

/**
 * Whose credential it is. It is no session: nothing extends, lists or ends it, and it is never fresh.
 *
 * @throws AuthError `InvalidToken`, and what the plug-in throws
 */
export async function openCredential(engine: RequestEngine, { from, value }: IncomingCredential): Promise<Session> {
  const opened = await from.part.open(value)
  if (!opened || hasEnded(engine, opened)) throw new AuthError('InvalidToken')
  const { plugin } = from
  const session = toSession(engine, toCredentialIdentity(engine, opened))
  return freezeSession({ ...session, authTime: null, amr: [], via: plugin, scopes: [...opened.scopes] })
}

/** Also if its end is no date. */
function hasEnded({ settings }: RequestEngine, { expires }: OpenedCredential): boolean {
  return expires !== null && !(expires > settings.clock())
}

/** Later than any clock: for a credential that doesn't end by itself. */
const NEVER = new Date('9999-12-31T23:59:59.999Z')

function toCredentialIdentity(engine: RequestEngine, opened: OpenedCredential): Identity {
  const { settings } = engine
  const now = settings.clock()
  const { user, id, expires } = opened
  return {
    strategy: settings.strategy,
    token: toCredentialToken(engine, opened, now),
    user,
    sessionId: id,
    sessionToken: null,
    expires: expires ?? NEVER,
    startedAt: now,
    foreign: false,
    isAccess: false,
  }
}

/** Roles and claims as the user's columns say, or as the plug-in says instead; the rest is the credential's. */
function toCredentialToken(
  engine: RequestEngine,
  { user, id, expires, claims }: OpenedCredential,
  now: Date,
): AnyToken {
  return {
    ...(claims ?? readRowClaims(engine, user, null)),
    sub: String(user.id),
    name: user.name,
    email: user.email,
    picture: user.image,
    iat: toSeconds(now.getTime()),
    exp: toSeconds((expires ?? NEVER).getTime()),
    jti: id,
    sessionId: id,
  }
}
