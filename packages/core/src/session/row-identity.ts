import type { Engine } from '../config/engine.ts'
import type { Identity } from '../contract/identity.ts'
import { toSeconds } from '../internal/time.ts'
import type { AnyToken } from '../contract/token.ts'
import type { SessionRow } from './row-cache.ts'
import { readRowClaims } from './row-claims.ts'

/** The identity that a row stands for, with the claims that its columns and its user's have. */
export function toIdentity(engine: Engine, found: SessionRow): Identity {
  return build(found, toToken(engine, found))
}

/** The same without its claims: whether they fit their schemas doesn't matter to a session that ends. */
export function toBareIdentity(found: SessionRow): Identity {
  return build(found, toDefaultToken(found))
}

function build({ session, user }: SessionRow, token: AnyToken): Identity {
  return {
    strategy: 'database',
    token,
    user,
    sessionId: session.id,
    sessionToken: session.sessionToken,
    expires: session.expires,
    startedAt: session.createdAt,
    foreign: false,
    isAccess: false,
  }
}

/**
 * The claims of a row: the defaults, then roles and declared claims from the user's columns, over which lies what `updateSession`
 * stored with the session.
 */
function toToken(engine: Engine, { session, user }: SessionRow): AnyToken {
  const { name, email, image } = user
  const token = toDefaultToken({ session, user })
  // None of them has a name of those above: settings.ts refuses that.
  const claims = readRowClaims(engine, user, session.claims)
  for (const claim of Object.keys(claims)) token[claim] = claims[claim]
  if (name !== undefined) token.name = name
  if (email !== undefined) token.email = email
  if (image !== undefined) token.picture = image
  return token
}

/** The claims that every row has. */
function toDefaultToken({ session, user }: SessionRow): AnyToken {
  const createdAt = toSeconds(session.createdAt.getTime())
  return {
    sub: String(user.id),
    iat: createdAt,
    exp: toSeconds(session.expires.getTime()),
    jti: session.id,
    sessionId: session.id,
    authTime: createdAt,
    // Not null: an adapter of an app's own may lack the column.
    ...(session.amr && { amr: session.amr }),
  }
}
