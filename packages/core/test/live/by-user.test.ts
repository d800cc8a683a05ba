import { describe, expect, test } from 'vitest'
import { createHub } from '../../src/bus/hub.ts'
import { createEngine } from '../../src/config/engine.ts'
import type { Identity } from '../../src/contract/identity.ts'
import { createLiveSessions } from '../../src/live/sessions.ts'
import { toTokenIdentity } from '../../src/session/identity.ts'
import { createRevocations } from '../../src/session/revocations.ts'
import { ORIGIN, SECRET, SILENT } from '../support/auth.ts'

const NOW = Math.floor(Date.now() / 1_000)

function open() {
  const engine = createEngine({ secret: SECRET, baseUrl: ORIGIN, logger: SILENT })
  const hub = createHub(undefined, engine)
  const revocations = createRevocations(engine, hub)
  const revalidate = async (identity: Identity) => ({ identity, until: Infinity, asked: true, confirmedAt: Date.now() })
  return { revocations, live: createLiveSessions({ ...engine, revocations, revalidate }, hub) }
}

function identify(userId: string, sessionId: string): Identity {
  return toTokenIdentity({ sub: userId, sessionId, iat: NOW, exp: NOW + 60, jti: sessionId, authTime: NOW }, NOW)
}

describe('the open sessions of a user', () => {
  test('M18 are those that are held or have not ended', () => {
    const { live, revocations } = open()
    const [first, again] = [live.hold(identify('ann', 's-1')), live.hold(identify('ann', 's-1'))]
    const second = live.hold(identify('ann', 's-2'))
    live.hold(identify('bob', 's-3'))
    expect(live.idsOf('ann')).toEqual(['s-1', 's-2'])
    first.release()
    expect(live.idsOf('ann')).toEqual(['s-1', 's-2'])
    again.release()
    expect(live.idsOf('ann')).toEqual(['s-2'])
    revocations.add(['s-2'])
    expect([live.idsOf('ann'), live.idsOf('bob')]).toEqual([[], ['s-3']])
    // Opened under the same id while the one that has ended is still held.
    live.hold(identify('ann', 's-2'))
    second.release()
    expect(live.idsOf('ann')).toEqual(['s-2'])
  })

  test('M18 are found without a look at those of others', () => {
    const { live } = open()
    let looks = 0
    for (let number = 0; number < 1_000; number++) {
      const identity = identify(`user ${number}`, `s-${number}`)
      const { token } = identity
      live.hold(Object.defineProperty({ ...identity }, 'token', { get: () => (looks++, token) }))
    }
    looks = 0
    expect(live.idsOf('user 500')).toEqual(['s-500'])
    expect(looks).toBe(0)
  })
})
