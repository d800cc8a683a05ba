import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AuthError } from '../../src/errors.ts'
import { openToken } from '../../src/token/open.ts'
import { createOpener as createNodeOpener } from '../../src/token/opener-node.ts'
import { createOpener as createWebOpener } from '../../src/token/opener-web.ts'
import { COOKIE, ORIGIN } from '../support/auth.ts'
import { createBrowser, readJson } from '../support/browser.ts'
import { DOORS, forge, openHouse } from '../support/doors.ts'
import { seal } from '../support/forge.ts'
import { mutation, type Mutation } from './mutations.ts'

/** 20,000 cases between the two suites. */
const RUNS_PER_DOOR = 2_500
const RUNS_OF_OPENERS = 10_000

const enc = fc.constantFrom('A256GCM' as const, 'A256CBC-HS512' as const)
const mutations = fc.array(mutation, { minLength: 1, maxLength: 3 })

function mutate(changes: readonly Mutation[], token: string, other: string): string {
  return changes.reduce((changed, change) => change(changed, other), token)
}

describe.each(DOORS)('J01 J02 J03 J12 fuzzed: a changed $kind', (door) => {
  test(`lets nobody in, in ${RUNS_PER_DOOR} cases`, async () => {
    const { auth, clock } = openHouse()
    const now = clock.seconds()
    const claimsOf = (sub: string, more: object) => ({ ...more, ...door.claims(now), sub })
    const property = fc.asyncProperty(
      fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }),
      fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
      enc,
      mutations,
      async (sub, more, encryption, changes) => {
        const token = forge(door, now, { enc: encryption, payload: claimsOf(sub.toWellFormed(), more) })
        const other = forge(door, now, { enc: encryption, payload: claimsOf('mallory', {}) })
        const changed = mutate(changes, token, other).trim()
        const answer = await door.knock(auth, changed)
        // One token has one spelling: what was changed at all, and isn't somebody's whole token, is nobody's.
        if (changed === token) return answer === `in as ${sub.toWellFormed()}`
        if (changed === other) return answer === 'in as mallory'
        return ['InvalidToken', 'ignored', 'InvalidInput'].includes(answer)
      },
    )
    await fc.assert(property, { numRuns: RUNS_PER_DOOR })
  })
})

describe('J12 fuzzed: the two openers', () => {
  const openers = { node: createNodeOpener, web: createWebOpener }
  const keys = { A256GCM: new Uint8Array(32).fill(3), 'A256CBC-HS512': new Uint8Array(64).fill(3) }
  const rings = Object.values(openers).map((create) => {
    const gcm = create('A256GCM', keys.A256GCM.slice())
    const cbc = create('A256CBC-HS512', keys['A256CBC-HS512'].slice())
    return {
      current: () => Promise.reject(new Error('nothing is sealed here')),
      candidates: (wanted: keyof typeof keys) => [
        { enc: wanted, kid: '', key: keys[wanted], open: wanted === 'A256GCM' ? gcm : cbc },
      ],
    }
  })

  const open = async (ring: (typeof rings)[number], token: string) => {
    try {
      return JSON.stringify(await openToken(ring, token))
    } catch (error) {
      // Another class than ours, or a reason that differs, is a way to tell the two apart.
      return error instanceof AuthError && error.cause instanceof Error
        ? `${error.kind}: ${error.cause.message}`
        : String(error)
    }
  }

  test('agree on every token that was left as it is', async () => {
    const property = fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), enc, async (claims, encryption) => {
      const key = Buffer.from(keys[encryption])
      const token = seal({ key, enc: encryption, header: { alg: 'dir', enc: encryption }, payload: claims })
      for (const ring of rings) expect(await open(ring, token)).toBe(JSON.stringify(JSON.parse(JSON.stringify(claims))))
    })
    await fc.assert(property, { numRuns: 500 })
  })

  test(`agree on ${RUNS_OF_OPENERS} changed ones, and open none of them`, async () => {
    const header = fc.record({ alg: fc.constant('dir'), enc: fc.constantFrom('A256GCM', 'A256CBC-HS512', 'A128GCM') })
    const property = fc.asyncProperty(enc, header, mutations, async (encryption, head, changes) => {
      const key = Buffer.from(keys[encryption])
      const token = seal({ key, enc: encryption, header: head, payload: { sub: 'ann' } })
      const other = seal({ key, enc: encryption, header: head, payload: { sub: 'mallory' } })
      const changed = mutate(changes, token, other)
      const [node = '', web = ''] = await Promise.all(rings.map((ring) => open(ring, changed)))
      expect(node).toBe(web)
      if (changed !== token && changed !== other) expect(node).toMatch(/^InvalidToken: /)
    })
    await fc.assert(property, { numRuns: RUNS_OF_OPENERS })
  })
})

describe('J14 tokens of many people through the cache of opened ones', () => {
  test.each([
    { cache: 'as large as it is by default', tokenCache: {} },
    { cache: 'too small for them', tokenCache: { maxEntries: 64 } },
    { cache: 'of a few kilobytes', tokenCache: { maxBytes: 20_000 } },
    { cache: 'turned off', tokenCache: false as const },
  ])('name the right person every time, with a cache $cache', async ({ tokenCache }) => {
    const { auth, clock } = openHouse({ tokenCache })
    const [cookieDoor, accessDoor] = DOORS
    if (!cookieDoor || !accessDoor) throw new Error('two doors are needed')
    const people = Array.from({ length: 250 }, (_, index) => `person ${index}`)
    const claims = (door: typeof cookieDoor, sub: string) => ({
      ...door.claims(clock.seconds()),
      sub,
      jti: sub,
      sessionId: sub,
    })
    const presented = people.flatMap((sub) => [
      { sub, headers: { cookie: `${COOKIE}=${forge(cookieDoor, 0, { payload: claims(cookieDoor, sub) })}` } },
      { sub, headers: { authorization: `Bearer ${forge(accessDoor, 0, { payload: claims(accessDoor, sub) })}` } },
    ])
    const shuffled = (round: number) =>
      presented.toSorted((a, b) => ((a.sub.length * 7 + round) % 11) - ((b.sub.length * 5 + round) % 13))
    const wrong: unknown[] = []
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        shuffled(round).map(async ({ sub, headers }) => {
          const response = await auth.handler(new Request(`${ORIGIN}/auth/session`, { headers }))
          const session = await readJson<{ user: { id: string } } | null>(response)
          if (session?.user.id !== sub) wrong.push({ sub, session })
        }),
      )
    }
    expect(wrong).toEqual([])
  })

  test('an access token that was opened before opens nothing as a cookie, nor the other way round', async () => {
    const { auth } = openHouse()
    const browser = createBrowser(auth)
    await browser.signIn()
    const { accessToken } = await readJson<{ accessToken: string }>(
      await browser.signIn('bob@example.com', undefined, { flow: 'token' }),
    )
    const cookie = browser.cookies.get(COOKIE) ?? ''
    const ask = async (headers: Record<string, string>) =>
      readJson<{ user: { id: string } } | null>(await auth.handler(new Request(`${ORIGIN}/auth/session`, { headers })))
    for (let round = 0; round < 2; round++) {
      expect(await ask({ cookie: `${COOKIE}=${cookie}` })).toMatchObject({ user: { id: 'ann' } })
      expect(await ask({ authorization: `Bearer ${accessToken}` })).toMatchObject({ user: { id: 'bob' } })
      expect(await ask({ cookie: `${COOKIE}=${accessToken}` })).toBeNull()
      expect(await ask({ authorization: `Bearer ${cookie}` })).toBeNull()
    }
  })
})
