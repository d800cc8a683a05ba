import type { Engine } from '../config/engine.ts'
import { fixedDate } from '../internal/fixed-date.ts'
import { readClaims } from '../roles/claims.ts'
import { readRoles } from '../roles/read.ts'
import type { AnyToken } from '../contract/token.ts'
import type { Identity } from '../contract/identity.ts'
import { toTokenUser } from './identity.ts'
import type { ClientSession, Session } from '../contract/session.ts'

/** The session as the server's procedures see it: declared roles and claims only. */
export function toSession(engine: Engine, identity: Identity): Session {
  const { token, sessionId, expires, strategy, isAccess } = identity
  return {
    user: toTokenUser(token),
    roles: declaredRoles(engine, token),
    claims: readClaims(engine.settings.claims, token, (name) =>
      engine.warnOnce(`claim ${name}`, `claim "${name}" of a session no longer fits its schema and is left out`),
    ),
    sessionId,
    expires: fixedDate(expires.getTime()),
    strategy,
    authTime: token.authTime === undefined ? null : fixedDate(token.authTime * 1_000),
    amr: token.amr ?? UNKNOWN,
    via: isAccess ? 'bearer' : 'cookie',
    scopes: null,
  }
}

/** Shared by all sessions that don't say. */
const UNKNOWN: readonly string[] = Object.freeze([])

/** The session as a client gets it before the session callback. */
export function toClientSession(engine: Engine, session: Session): ClientSession<string, Record<string, unknown>> {
  // A copy, for the callback may write into it.
  const { user, roles, claims, expires } = structuredClone(toParts(session))
  const exposed = Object.entries(claims).filter(([name]) => engine.settings.exposed.has(name))
  return { user, roles, claims: Object.fromEntries(exposed), expires }
}

function toParts({ user, roles, claims, expires }: Session): Pick<Session, 'user' | 'roles' | 'claims' | 'expires'> {
  return { user, roles, claims, expires }
}

/** With roles declared, any other name grants nothing and is logged once: a typo in the data shouldn't pass in silence. */
function declaredRoles({ settings, warnOnce }: Engine, token: AnyToken): readonly string[] {
  const found = readRoles(token)
  const { roles } = settings
  if (!roles) return found
  return found.filter((role) => {
    if (roles.has(role)) return true
    warnOnce(
      `role ${role}`,
      `role ${JSON.stringify(role.slice(0, 100))} is not declared in \`roles\` and grants nothing`,
    )
    return false
  })
}
