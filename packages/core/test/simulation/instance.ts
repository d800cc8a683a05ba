import { createHub } from '../../src/bus/hub.ts'
import { createEngine } from '../../src/config/engine.ts'
import type { Settings } from '../../src/config/settings.ts'
import type { AnyToken } from '../../src/contract/token.ts'
import { AuthError, isUntrusted } from '../../src/errors.ts'
import { memoryAdapter } from '../../src/index.ts'
import { confirm } from '../../src/session/confirm.ts'
import { createRevocations } from '../../src/session/revocations.ts'
import { ORIGIN, SECRET, SILENT } from '../support/auth.ts'
import type { BusEnd } from './bus.ts'
import type { Timeline } from './timeline.ts'

/** Milliseconds. */
export const REVALIDATE_AGE = 300_000

/** A session as all instances' one database knows it. */
export interface Row {
  readonly id: string
  /** The token that its browser has. */
  token: AnyToken
  /** When it ended: milliseconds of the simulation. */
  endedAt: number | null
}

export type Answer = 'let in' | 'refused' | 'unavailable'

/** One process: the engine's own memory, bus and decisions, on a clock that may be wrong. */
export interface Instance {
  readonly bus: BusEnd
  /** How many milliseconds its clock is ahead. */
  readonly skew: number
  /** A token that is built here now. */
  readonly build: (sessionId: string) => AnyToken
  /** What a request with the session's token gets. */
  readonly ask: (row: Row, isStoreUp: boolean) => Promise<Answer>
  readonly end: (sessionId: string) => void
}

/** 2026-01-01, so that no time is negative. */
const EPOCH = 1_767_225_600_000
/** Shared: it only says that sessions have rows. The simulation has its own. */
const adapter = memoryAdapter()

export interface InstanceOptions {
  readonly bus: BusEnd
  readonly skew: number
  /** How many ends it remembers. */
  readonly maxEnds: number
}

export function createInstance(timeline: Timeline, { bus, skew, maxEnds }: InstanceOptions): Instance {
  const clock = () => new Date(EPOCH + timeline.now() + skew)
  const engine = createEngine({
    secret: SECRET,
    baseUrl: ORIGIN,
    adapter,
    session: { strategy: 'jwt', revalidateAge: '5m' },
    cleanup: false,
    logger: SILENT,
    clock,
  })
  const revocations = createRevocations(engine, createHub(bus, engine), maxEnds)
  /** As the cache of opened tokens keeps it. */
  const confirmed = new Map<string, { readonly jti: string; readonly at: number }>()
  const build = (sessionId: string): AnyToken => {
    const iat = Math.floor(clock().getTime() / 1_000)
    // What these rules read of a token.
    return { sessionId, sub: 'u', iat, exp: iat + 86_400, jti: `${sessionId} ${iat}` }
  }
  return {
    bus,
    skew,
    build,
    end: (sessionId) => revocations.add([sessionId]),
    ask: async (row, isStoreUp) => {
      const askRow = async () => {
        if (!isStoreUp) throw new Error('the store is down')
        if (row.endedAt !== null) throw new AuthError('SessionRevoked')
      }
      try {
        await admit(row, askRow)
        return 'let in'
      } catch (error) {
        return isUntrusted(error) ? 'refused' : 'unavailable'
      }
    },
  }

  /** As a request's cookie is looked up under the jwt strategy. */
  async function admit(row: Row, askRow: () => Promise<void>): Promise<void> {
    const { id, token } = row
    if (revocations.has(id)) throw new AuthError('SessionRevoked')
    if (isTooOld(token, engine.settings, clock())) {
      await askRow()
      row.token = build(id)
      return
    }
    const known = confirmed.get(id)
    if (known?.jti === token.jti && revocations.isCompleteSince(known.at)) return
    const { confirmedAt } = await confirm({ engine, revocations }, token, askRow)
    confirmed.set(id, { jti: token.jti, at: confirmedAt })
  }
}

function isTooOld({ iat }: AnyToken, { revalidateAge }: Settings, now: Date): boolean {
  return now.getTime() >= iat * 1_000 + revalidateAge
}
