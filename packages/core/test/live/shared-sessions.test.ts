import { expect, test } from 'vitest'
import { z } from 'zod'
import { memoryAdapter, type Session } from '../../src/index.ts'
import { createBrowser } from '../support/browser.ts'
import { COOKIE, makeAuth, ORIGIN } from '../support/auth.ts'

test.each(['jwt', 'database'] as const)(
  'the session that all streams are told of can be changed by none (%s)',
  async (strategy) => {
    const org = z.object({ org: z.string() })
    const auth = makeAuth({ adapter: memoryAdapter(), session: { strategy }, claims: { org: z.string() }, update: org })
    const browser = createBrowser(auth)
    await browser.signIn()
    const seen: Session[] = []
    for (let stream = 0; stream < 2; stream++) {
      const cookie = `${COOKIE}=${browser.cookies.get(COOKIE)}`
      const context = auth.createContext({
        method: 'GET',
        header: (name) => ({ cookie, origin: ORIGIN })[name],
        response: { writability: () => 'none', setCookie: () => {}, noStore: () => {} },
      })
      await context.watch({ changed: () => {}, session: (session) => void seen.push(session), ended: () => {} })
    }
    await browser.post('/auth/session', { org: 'acme' })
    expect(seen.map(({ claims }) => claims)).toEqual([{ org: 'acme' }, { org: 'acme' }])
    for (const session of seen) {
      for (const part of [session, session.user, session.roles, session.claims, session.expires])
        expect(Object.isFrozen(part)).toBe(true)
      expect(() => session.expires.setTime(0)).toThrow('read-only')
    }
    await auth.close()
  },
)
