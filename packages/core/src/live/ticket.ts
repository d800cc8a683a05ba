import { verifyAudience } from '../bearer/audience.ts'
import type { Engine } from '../config/engine.ts'
import { AuthError } from '../errors.ts'
import { toSeconds } from '../internal/time.ts'
import type { Identity } from '../contract/identity.ts'
import { toTokenIdentity } from '../session/identity.ts'
import { verifyClaims, MAX_SKEW } from '../token/claims.ts'
import { createKeyRing, type KeyRing } from '../token/keys.ts'
import { openToken, type RawClaims } from '../token/open.ts'
import { sealToken } from '../token/seal.ts'
import type { AnyToken } from '../contract/token.ts'
import { createOnce, type Once } from './once.ts'

/** The `typ` of tickets. */
const TICKET_TYP = 'latchkey.ticket'
/** Seconds: long enough to open a stream, too short for a copy from a log to be of use. */
export const TICKET_LIFE = 30
/** Milliseconds by which the clock of the instance that takes a ticket may differ. It works only once, so this is safe. */
const CLOCK_ALLOWANCE = MAX_SKEW * 1_000

/**
 * A ticket opens one stream (server-sent events, a socket) for a session whose credential can't be sent there: an access token must
 * not stand in a URL (RFC 9700 section 4.3.2), and a stream's URL is all that an EventSource has.
 */
export interface Tickets {
  readonly issue: (identity: Identity) => Promise<string>
  /**
   * The session that it is for. It works once. Under the database strategy the identity has only the key of its row: it must be
   * asked before anything else is used.
   *
   * @throws AuthError `InvalidToken`, `SessionExpired`
   */
  readonly redeem: (ticket: string) => Promise<Identity>
}

export function createTickets(engine: Engine): Tickets {
  const ring = createKeyRing(() => ({ secrets: engine.settings.secrets, salt: TICKET_TYP }))
  const once = createOnce(engine, 'latchkey.ticket')
  return {
    issue: (identity) => issue(engine, ring, once, identity),
    redeem: (ticket) => redeem(engine, ring, once, ticket),
  }
}

async function issue(engine: Engine, ring: KeyRing, once: Once, identity: Identity): Promise<string> {
  const { settings } = engine
  const { origin } = settings.baseUrl
  const ends = settings.clock().getTime() + TICKET_LIFE * 1_000
  const ticketId = crypto.randomUUID()
  await once.announce(ticketId, new Date(ends + CLOCK_ALLOWANCE))
  const ticket = {
    ticketId,
    ticketEnds: toSeconds(ends),
    ticketStart: toSeconds(identity.startedAt.getTime()),
    isAccess: identity.isAccess,
  }
  return sealToken(ring, { ...toSealed(identity), ...ticket, iss: origin, aud: origin }, TICKET_TYP)
}

/** What identifies the session: the hash of its row's key, without claims that may be old by then; without rows, the claims. */
function toSealed({ sessionToken, token }: Identity): AnyToken {
  if (sessionToken === null) return token
  const { sub, iat, exp, jti, sessionId, authTime } = token
  return { sub, iat, exp, jti, sessionId, authTime, rowKey: sessionToken }
}

async function redeem(engine: Engine, ring: KeyRing, once: Once, ticket: string): Promise<Identity> {
  const now = engine.settings.clock()
  const { ticketId, ticketEnds, ...claims } = verifyAudience(engine, await openToken(ring, ticket, TICKET_TYP))
  if (typeof ticketId !== 'string' || typeof ticketEnds !== 'number') throw new AuthError('InvalidToken')
  const identity = toTicketIdentity(engine, claims, now)
  // Not `SessionExpired`: a stream that connects again by itself brings its old ticket, and its session lives.
  if (ticketEnds * 1_000 + CLOCK_ALLOWANCE <= now.getTime())
    throw new AuthError('InvalidToken', { cause: new Error('the ticket is too old') })
  if (!(await once.take(ticketId)))
    throw new AuthError('InvalidToken', { cause: new Error('the ticket was used before') })
  return identity
}

function toTicketIdentity({ settings }: Engine, sealed: RawClaims, now: Date): Identity {
  const { ticketStart, isAccess, rowKey, ...claims } = sealed
  if (typeof ticketStart !== 'number') throw new AuthError('InvalidToken')
  const { token } = verifyClaims(claims, now, isAccess === true ? 'AccessTokenExpired' : 'SessionExpired')
  const identity = toTokenIdentity(token, ticketStart, isAccess === true)
  const isRow = settings.strategy === 'database' && !identity.isAccess
  if (!isRow) return identity
  if (typeof rowKey !== 'string') throw new AuthError('InvalidToken')
  return { ...identity, strategy: 'database', sessionToken: rowKey }
}
