import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { compactDecrypt } from 'jose'
import { z } from 'zod'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SECRET } from '../support/auth.ts'
import { DOORS, type Door, forge, openHouse } from '../support/doors.ts'
import { deriveKey } from '../support/forge.ts'
import { describeVectors } from '../support/vectors.ts'
import { GOOD, type Make, type Recipe, RECIPES, type Workshop } from './recipes.ts'

let canary: Server
let url: string
let visits = 0

beforeAll(async () => {
  canary = createServer((_, response) => {
    visits++
    response.end('{"keys":[]}')
  })
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(canary.address() as AddressInfo).port}` // it listens on a port, not on a pipe
})
afterAll(() => void canary.close())

function workshopFor(door: Door, seconds: number): Workshop {
  return { door, now: seconds, key: deriveKey(SECRET, door.salt), canary: url }
}

async function knock(door: Door, make: Make) {
  const { auth, clock } = openHouse()
  const tokens = await makeAll({ make }, workshopFor(door, clock.seconds()))
  const answers = await Promise.all(tokens.map(async (token) => door.knock(auth, token)))
  return new Set(answers)
}

/**
 * What a token of over 8 KiB is. A session cookie may have 16 KiB, for sessions that another library began. Over 16 KiB a bearer token isn't
 * read at all; a body of over 64 KiB isn't parsed.
 */
function tooLong({ kind }: Door, length: number): string {
  if (kind === 'session cookie' && length <= 16_384) return 'in as ann'
  if (kind === 'access token' && length > 16_384) return 'ignored'
  return kind === 'refresh token' && length > 65_536 ? 'InvalidInput' : 'InvalidToken'
}

async function makeAll(recipe: Recipe | undefined, workshop: Workshop): Promise<readonly string[]> {
  if (!recipe) throw new Error('there is no such recipe')
  return [await recipe.make(workshop)].flat()
}

/** What a door calls an expired token (R11). */
const EXPIRED = {
  'session cookie': 'SessionExpired',
  'access token': 'AccessTokenExpired',
  'refresh token': 'SessionExpired',
  ticket: 'SessionExpired',
}

describe.each(DOORS)('Q01 a forged $kind', (door) => {
  test.each(Object.entries(GOOD))('is made as a good one is: %s', async (_, make) => {
    expect(await knock(door, make)).toEqual(new Set(['in as ann']))
  })

  test.each(Object.entries(RECIPES))(
    'J01 J02 J03 J04 J05 J06 J09 J10 is refused: %s',
    async (_, { make, answer = 'InvalidToken', isNobodys }) => {
      const answers = await knock(door, make)
      if (isNobodys && door.kind === 'access token')
        for (const each of answers) expect(['InvalidToken', 'ignored']).toContain(each)
      else expect(answers).toEqual(new Set([answer === 'expired' ? EXPIRED[door.kind] : answer]))
    },
  )

  test('J05 the zip bomb is a real one: jose, asked to, inflates it', async () => {
    const workshop = workshopFor(door, 0)
    const [bomb = ''] = await makeAll(
      RECIPES['zip DEF bomb: 1 MB of zeros compresses to ~1 KB, made with right key'],
      workshop,
    )
    expect(bomb.length).toBeLessThan(3_000)
    const { plaintext } = await compactDecrypt(bomb, workshop.key, { maxDecompressedLength: 2_000_000 })
    expect(plaintext.length).toBeGreaterThan(1_000_000)
  })

  test('J13 is refused at any length, before a byte of it is decrypted', async () => {
    const { auth, clock } = openHouse()
    const now = clock.seconds()
    for (const size of [6_500, 8_000, 12_500, 44_000, 8_000_000]) {
      const token = forge(door, now, { payload: { ...door.claims(now), pad: 'x'.repeat(size) } })
      expect(await door.knock(auth, token)).toBe(tooLong(door, token.length))
    }
  })
})

test('J06 nobody was asked for a key, though the canary counts', async () => {
  for (const door of DOORS) {
    for (const name of ['jku https://evil/jwks', 'x5u / x5c self-signed', 'embedded jwk, self-signed']) {
      expect(await knock(door, (workshop) => makeAll(RECIPES[name], workshop))).toEqual(new Set(['InvalidToken']))
    }
  }
  expect(visits).toBe(0)
  await fetch(`${url}/jwks`)
  expect(visits).toBe(1)
})

/** Cases of the published list that another test proves, or that can't arise; each with where or why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'exp in the past by skew-1 s': 'accepted: among the good ones above',
  'duplicate JSON members in header {alg:none,alg:dir}':
    'accepted, the last wins: among the good ones above; alg none last is refused',
  'duplicate kid in ring': 'J16 in config/secret.test.ts: a secret given twice is refused at construction',
  'duplicate sub in payload': 'J09 in token/claims.test.ts',
  'exp 100 years ahead (older than maxAge by iat)': 'S05 in token/claims.test.ts',
  'refresh token as access token': 'J07 in token/kinds.test.ts',
  'access token as session cookie': 'J07 in token/kinds.test.ts',
  'session JWE as Bearer': 'J07 in token/kinds.test.ts',
  'OAuth state/PKCE/nonce JWE as session': 'J07 in token/kinds.test.ts',
  'email-verification / password-reset token as session':
    'not applicable yet: there is neither; any opaque token under either strategy is J07 in token/kinds.test.ts',
  'id_token of an IdP as Bearer': 'J15 in token/authorization.test.ts',
  'aud array containing ours + iss array ["ours","evil"]': 'J09 in token/claims.test.ts',
  'sub of deleted / disabled user': 'C3 J09 in token/claims.test.ts',
  'roles:[admin] patched into a validly made token of a non-admin': 'Z05 in token/claims.test.ts',
  '8 KB, 64 KB, 8 MB token': 'J13 above',
  "Authorization: Bearer % ; Bearer %E0%A4%A ; 'Bearer' ; 'bearer  x' ; two Authorization headers; comma-joined":
    'J15 in token/authorization.test.ts',
}

describeVectors('J16 attack-lists/jwt.json', (read) => {
  const { cases } = read('attack-lists/jwt.json', z.object({ cases: z.array(z.object({ name: z.string() })) }))

  test('has 52 cases, each of them carried out here or named with where it is', () => {
    expect(cases).toHaveLength(52)
    const covered = new Set([...Object.keys(RECIPES), ...Object.keys(ELSEWHERE)])
    expect(cases.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual([])
  })

  test('names nothing that this file calls one of its cases by mistake', () => {
    const listed = new Set(cases.map(({ name }) => name))
    expect(Object.keys(ELSEWHERE).filter((name) => !listed.has(name))).toEqual([])
  })
})
