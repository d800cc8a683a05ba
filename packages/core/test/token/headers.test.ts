import { expect, test } from 'vitest'
import { toBase64Url } from '../../src/internal/bytes.ts'
import { encodeText } from '../../src/internal/bytes.ts'
import { parseJwe } from '../../src/token/jwe.ts'
import { createKeyRing } from '../../src/token/keys.ts'
import { openToken } from '../../src/token/open.ts'
import { sealToken } from '../../src/token/seal.ts'
import { SECRET } from '../support/auth.ts'

const CLAIMS = { sub: 'ann', iat: 1, exp: 2, jti: 'j', sessionId: 's' }

test('M18 headers that somebody invents don’t take the place of ours', async () => {
  const ring = createKeyRing(() => ({ secrets: [SECRET], salt: 'a cookie' }))
  const ours = await sealToken(ring, CLAIMS)
  const [, ...rest] = ours.split('.')
  const invent = (kid: string) =>
    [toBase64Url(encodeText(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid }))), ...rest].join('.')
  for (let count = 0; count < 1_000; count++) {
    await expect(async () => openToken(ring, invent(`invented ${count}`))).rejects.toMatchObject({
      kind: 'InvalidToken',
    })
  }
  expect(await openToken(ring, ours)).toEqual(CLAIMS)
  // Read once: the same header is the same object from then on; an invented one never is.
  expect(parseJwe(ours).header).toBe(parseJwe(ours).header)
  expect(parseJwe(invent('invented 0')).header).not.toBe(parseJwe(invent('invented 0')).header)
})
