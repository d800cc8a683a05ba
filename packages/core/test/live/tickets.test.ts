import { describe, expect, test } from 'vitest'
import { memoryAdapter, type VerificationToken } from '../../src/index.ts'
import { COOKIE, makeAuth, openClock, ORIGIN } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'

/** Somebody who is signed in and asks for tickets, with the rows that these leave in the store. */
async function open(clock = openClock(), adapter = memoryAdapter()) {
  const rows = new Set<string>()
  const counting = {
    ...adapter,
    createVerificationToken: (token: VerificationToken) => {
      if (token.identifier === 'latchkey.ticket') rows.add(token.token)
      return adapter.createVerificationToken(token)
    },
    useVerificationToken: (token: Omit<VerificationToken, 'expires'>) => {
      rows.delete(token.token)
      return adapter.useVerificationToken(token)
    },
  }
  const auth = makeAuth({ adapter: counting, clock: clock.read })
  const browser = createBrowser(auth)
  await browser.signIn()
  const cookie = `${COOKIE}=${browser.cookies.get(COOKIE)}`
  const context = (ticket?: string) =>
    auth.createContext({
      method: 'POST',
      header: (name) => ({ cookie: ticket === undefined ? cookie : undefined, origin: ORIGIN })[name],
      ticket,
      connection: {},
      response: { writability: () => 'none', setCookie: () => {}, noStore: () => {} },
    })
  const issue = async () => (await context().ticket()).ticket
  const redeem = async (ticket: string) => {
    const found = await context(ticket)
      .requireSession()
      .catch(({ kind }: { kind: string }) => kind)
    return typeof found === 'string' ? found : found.user.id
  }
  return { clock, adapter, rows, issue, redeem }
}

describe('M18 the rows of tickets', () => {
  test('go when they are used, and soon after where they are not', async () => {
    const { clock, rows, issue, redeem } = await open()
    expect(await redeem(await issue())).toBe('ann')
    expect(rows.size).toBe(0)
    for (let count = 0; count < 200; count++) await issue()
    expect(rows.size).toBe(200)
    clock.turn(30 + 120)
    for (let count = 0; count < 20; count++) await issue()
    expect(rows.size).toBe(20)
  })
})

describe('a ticket and clocks that differ', () => {
  test.each([
    { by: 'two minutes', seconds: 30 + 119, as: 'ann' },
    { by: 'more', seconds: 30 + 121, as: 'InvalidToken' },
    { by: 'two minutes the other way', seconds: -119, as: 'ann' },
    { by: 'more the other way', seconds: -122, as: 'InvalidToken' },
  ])('is taken where they differ by $by as $as', async ({ seconds, as }) => {
    const adapter = memoryAdapter()
    const there = openClock()
    there.turn(seconds)
    const [issuer, taker] = [await open(openClock(), adapter), await open(there, adapter)]
    expect(await taker.redeem(await issuer.issue())).toBe(as)
  })
})
