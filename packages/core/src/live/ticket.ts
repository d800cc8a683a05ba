import { checkAudience } from '../bearer/audience.ts'
import type { Engine } from '../engine.ts'
import { AuthError } from '../errors.ts'
import { toSeconds } from '../internal/time.ts'
import { type Identity, toTokenIdentity } from '../session/identity.ts'
import { checkClaims } from '../token/claims.ts'
import { hashToken } from '../token/hash.ts'
import { createKeyRing, type KeyRing } from '../token/keys.ts'
import { openToken } from '../token/open.ts'
import { sealToken } from '../token/seal.ts'

/** What the headers of tickets call them. */
const TICKET_TYP = 'latchkey.ticket'
/** Seconds: long enough to open a stream, too short to be worth stealing from a log. */
export const TICKET_LIFE = 30

/**
 * A ticket opens one stream (server-sent events, a socket) for a session whose credential can't be sent there: an access token must
 * not stand in a URL (RFC 9700 section 4.3.2), and a stream's URL is all that an EventSource has.
 */
export interface Tickets {
  readonly issue: (identity: Identity) => Promise<string>
  /** Whose ticket it is. It works once. @throws AuthError `InvalidToken`, `SessionExpired` */
  readonly redeem: (ticket: string) => Promise<Identity>
}

export function createTickets(engine: Engine): Tickets {
  const ring = createKeyRing(() => ({ secrets: engine.settings.secrets, salt: TICKET_TYP }))
  const once = createOnce(engine)
  return {
    issue: (identity) => issue(engine, ring, once, identity),
    redeem: (ticket) => redeem(engine, ring, once, ticket),
  }
}

async function issue(
  engine: Engine,
  ring: KeyRing,
  once: Once,
  { token, startedAt, isAccess }: Identity,
): Promise<string> {
  const { settings } = engine
  const { origin } = settings.baseUrl
  const now = settings.clock()
  const expires = new Date(now.getTime() + TICKET_LIFE * 1_000)
  const ticketId = crypto.randomUUID()
  await once.announce(ticketId, expires)
  const ticket = {
    ticketId,
    ticketEnds: toSeconds(expires.getTime()),
    ticketStart: toSeconds(startedAt.getTime()),
    isAccess,
  }
  return sealToken(ring, { ...token, ...ticket, iss: origin, aud: origin }, TICKET_TYP)
}

async function redeem(engine: Engine, ring: KeyRing, once: Once, ticket: string): Promise<Identity> {
  const now = engine.settings.clock()
  const { ticketId, ticketEnds, ticketStart, isAccess, ...claims } = checkAudience(
    engine,
    await openToken(ring, ticket, TICKET_TYP),
  )
  if (typeof ticketId !== 'string' || typeof ticketEnds !== 'number' || typeof ticketStart !== 'number')
    throw new AuthError('InvalidToken')
  const { token } = checkClaims(claims, now, isAccess === true ? 'AccessTokenExpired' : 'SessionExpired')
  // Not `SessionExpired`: a stream that connects again by itself brings its old ticket, and its session lives.
  if (ticketEnds * 1_000 <= now.getTime())
    throw new AuthError('InvalidToken', { cause: new Error('the ticket is too old') })
  if (!(await once.take(ticketId, now)))
    throw new AuthError('InvalidToken', { cause: new Error('the ticket was used before') })
  return toTokenIdentity(token, ticketStart, isAccess === true)
}

/** Sees to it that an id is taken once. */
interface Once {
  readonly announce: (id: string, expires: Date) => Promise<void>
  readonly take: (id: string, now: Date) => Promise<boolean>
}

const IDENTIFIER = 'latchkey.ticket'

/** Through the store where there is one, so that it holds across instances; else within this process. */
function createOnce({ adapter }: Engine): Once {
  if (!adapter?.createVerificationToken || !adapter.useVerificationToken) return createOnceInMemory()
  return {
    announce: async (id, expires) => {
      await adapter.createVerificationToken?.({ identifier: IDENTIFIER, token: await hashToken(id), expires })
    },
    take: async (id, now) => {
      const found = await adapter.useVerificationToken?.({ identifier: IDENTIFIER, token: await hashToken(id) })
      return found !== null && found !== undefined && found.expires > now
    },
  }
}

function createOnceInMemory(): Once {
  const waiting = new Map<string, number>()
  return {
    announce: async (id, expires) => {
      for (const [other, ends] of waiting) {
        if (ends > expires.getTime() - TICKET_LIFE * 1_000) break
        waiting.delete(other)
      }
      waiting.set(id, expires.getTime())
    },
    take: async (id) => waiting.delete(id),
  }
}
