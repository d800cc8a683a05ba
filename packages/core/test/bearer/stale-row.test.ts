import { describe, expect, test } from 'vitest'
import { memoryAdapter, type SessionAndUser } from '../../src/index.ts'
import { makeAuth, openClock } from '../support/auth.ts'
import { createNative, expectTokens } from '../support/native.ts'

const WINDOW = 30

/** An engine whose store returns a row that it has returned before, for as many reads as `stale` says. */
function open(strategy: 'jwt' | 'database') {
  const clock = openClock()
  const adapter = memoryAdapter()
  const stale: { reads: number; row: SessionAndUser | null } = { reads: 0, row: null }
  const lagging = {
    ...adapter,
    getSessionAndUser: async (sessionToken: string) => {
      const row = await adapter.getSessionAndUser(sessionToken)
      if (stale.reads === 0) return (stale.row = row)
      stale.reads--
      return stale.row
    },
  }
  const auth = makeAuth({
    adapter: lagging,
    session: { strategy },
    tokens: { enabled: true, reuseWindow: `${WINDOW}s` },
    clock: clock.read,
  })
  return { native: createNative(auth), clock, stale }
}

describe.each(['jwt', 'database'] as const)('a row of a replica that lags, under the %s strategy', (strategy) => {
  /** Signs in and refreshes twice; the next `reads` return the row as it was before the second refresh. */
  const openLate = async (reads: number) => {
    const scene = open(strategy)
    const first = await scene.native.signIn()
    const second = expectTokens(await scene.native.refresh(first.refreshToken))
    const third = expectTokens(await scene.native.refresh(second.refreshToken))
    scene.clock.turn(WINDOW + 1)
    scene.stale.reads = reads
    return { ...scene, first, third }
  }

  test('R9 a token that is newer than the row is no copy: it is exchanged', async () => {
    const { native, third } = await openLate(1)
    const fourth = expectTokens(await native.refresh(third.refreshToken))
    expect(await native.refresh(fourth.refreshToken)).toMatchObject({ sessionId: third.sessionId })
  })

  test('R9 if the row stays behind, the service is unavailable and the family lives on', async () => {
    const { native, third, stale } = await openLate(100)
    expect(await native.refresh(third.refreshToken)).toBe('AdapterError')
    stale.reads = 0
    expectTokens(await native.refresh(third.refreshToken))
  })

  test('R9 a token that is older than the row and its parent is a copy, also then', async () => {
    const { native, first, third, stale } = await openLate(0)
    stale.reads = 1
    expect(await native.refresh(first.refreshToken)).toBe('TokenReuse')
    expect(await native.refresh(third.refreshToken)).toBe('SessionRevoked')
  })
})
