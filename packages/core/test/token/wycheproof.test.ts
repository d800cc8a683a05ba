import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { AuthError } from '../../src/errors.ts'
import type { KeyRing } from '../../src/token/keys.ts'
import { openToken } from '../../src/token/open.ts'
import { createOpener as createNodeOpener } from '../../src/token/opener-node.ts'
import { createOpener as createWebOpener } from '../../src/token/opener-web.ts'
import { DOORS, openHouse } from '../support/doors.ts'
import { encode, seal } from '../support/forge.ts'
import { describeVectors } from '../support/vectors.ts'

const FILES = ['encryption', 'crypto', 'key', 'signature'].map(
  (name) => `wycheproof/testvectors_v1/json_web_${name}_test.json`,
)

const vectorFile = z.object({
  numberOfTests: z.number(),
  testGroups: z.array(
    z.object({
      private: z.object({ k: z.string().optional() }).optional(),
      tests: z.array(
        z.object({
          tcId: z.number(),
          comment: z.string(),
          result: z.enum(['valid', 'invalid']),
          jwe: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
          jws: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
        }),
      ),
    }),
  ),
})

interface Vector {
  readonly name: string
  readonly token: string
  /** The group's symmetric key, handed to our opener as if it were ours. */
  readonly key: Buffer
}

/** Why a token can't pass here whatever its key: our profile is compact `dir` with one of two encryptions, and nothing else. */
function explain(token: string): string {
  const parts = token.split('.')
  if (parts.length !== 5 || parts[1] !== '') return 'not a compact dir JWE'
  if (!parts.every(isCanonical)) return 'not canonical base64url'
  const header = parseHeader(parts[0] ?? '')
  if (!header) return 'unexpected header'
  const members = ['alg', 'enc', 'kid', 'typ']
  if (Object.keys(header).some((member) => !members.includes(member))) return 'unexpected header'
  if (header['alg'] !== 'dir' || !['A256GCM', 'A256CBC-HS512'].includes(String(header['enc'])))
    return 'algorithm not allowed'
  return 'nothing'
}

/** Node re-encodes what it read; what comes back changed was spelled otherwise. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part
}

function parseHeader(part: string): Record<string, unknown> | null {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.from(part, 'base64url').toString()))
  } catch {
    return null
  }
}

/** What our opener says of a token, given the very key that the vector is made with. */
async function open(token: string, key: Buffer): Promise<string> {
  try {
    await openToken(ringOf(key), token)
    return 'opened'
  } catch (error) {
    if (!(error instanceof AuthError) || error.kind !== 'InvalidToken') throw error
    return error.cause instanceof Error ? error.cause.message : String(error.cause)
  }
}

const OPENERS = { node: createNodeOpener, web: createWebOpener }

function ringOf(key: Buffer, openers: readonly (typeof createNodeOpener)[] = Object.values(OPENERS)): KeyRing {
  const bytes = new Uint8Array(64)
  bytes.set(key.subarray(0, 64))
  const unused = () => Promise.reject(new Error('nothing is sealed here'))
  return {
    current: unused,
    candidates: (enc) =>
      openers.map((create) => {
        const cut = bytes.slice(0, enc === 'A256GCM' ? 32 : 64)
        return { enc, kid: '', key: cut, open: create(enc, cut) }
      }),
  }
}

describe('the harness itself', () => {
  const key = Buffer.alloc(64, 7)

  test.each(['A256GCM', 'A256CBC-HS512'] as const)('opens what is in our profile: %s', async (enc) => {
    const bytes = enc === 'A256GCM' ? key.subarray(0, 32) : key
    const token = seal({ key: bytes, enc, header: { alg: 'dir', enc }, payload: { sub: 'ann' } })
    expect(explain(token)).toBe('nothing')
    for (const create of Object.values(OPENERS)) {
      expect(await openToken(ringOf(key, [create]), token)).toEqual({ sub: 'ann' })
    }
  })
})

describeVectors(
  'J16 Wycheproof: what our profile has no place for is refused, for the reason that its form gives',
  (read) => {
    const files = FILES.map((path) => read(path, vectorFile))
    const vectors: readonly Vector[] = files.flatMap(({ testGroups }, file) =>
      testGroups.flatMap((group) =>
        group.tests.map(({ tcId, comment, result, jwe, jws }) => {
          const token = jwe ?? jws ?? ''
          return {
            name: `${FILES[file]?.split('/').at(-1)} ${tcId} ${comment} (${result})`,
            // In another serialisation than the compact one it comes as the JSON that it is.
            token: typeof token === 'string' ? token : JSON.stringify(token),
            key: Buffer.from(group.private?.k ?? '', 'base64url'),
          }
        }),
      ),
    )

    test('there are 649 of them, 139 + 83 + 26 + 401', () => {
      expect(files.map(({ numberOfTests }) => numberOfTests)).toEqual([139, 83, 26, 401])
      expect(vectors).toHaveLength(649)
    })

    test('every vector: 0 unexplained divergences', async () => {
      const answers = await Promise.all(
        vectors.map(async ({ name, token, key }) => ({
          name,
          expected: explain(token),
          found: await open(token, key),
        })),
      )
      expect(answers.filter(({ expected, found }) => expected === 'nothing' || expected !== found)).toEqual([])
    })

    test.each(DOORS)('every vector is refused as a $kind', async (door) => {
      const { auth } = openHouse()
      const answers = await Promise.all(
        vectors.map(async ({ name, token }) => ({ name, answer: await door.knock(auth, toHeaderText(token)) })),
      )
      const refusals = door.kind === 'access token' ? ['ignored'] : ['InvalidToken']
      // An empty refresh token is none at all.
      if (door.kind === 'refresh token') refusals.push('InvalidInput')
      expect(answers.filter(({ answer }) => !refusals.includes(answer))).toEqual([])
    })

    /** Only what a header can carry reaches us; some vectors are spelled in characters that none can. */
    function toHeaderText(token: string): string {
      return /^[\x21-\x7e]*$/.test(token) && !token.includes(';') ? token : encode(token)
    }
  },
)
