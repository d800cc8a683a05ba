import { expect, test } from 'vitest'
import { createSecret, isSecret } from '../src/secret.ts'

test('a key has its prefix, 30 random letters and digits, and a checksum of six', () => {
  expect(createSecret('lk')).toMatch(/^lk_[0-9A-Za-z]{36}$/)
  expect(createSecret('acme')).toMatch(/^acme_[0-9A-Za-z]{36}$/)
})

test('no two are the same, and every letter occurs', () => {
  const made = Array.from({ length: 500 }, () => createSecret('lk'))
  expect(new Set(made).size).toBe(500)
  expect(new Set(made.join('').slice(3)).size).toBe(63) // 62 and the underscore
})

test('the checksum is CRC-32 in base 62', () => {
  // As zlib computes it.
  expect(isSecret('lk', `lk_${'0'.repeat(30)}${toBase62(CRC_OF_30_ZEROS - 1)}`)).toBe(false)
  expect(isSecret('lk', `lk_${'0'.repeat(30)}${toBase62(CRC_OF_30_ZEROS)}`)).toBe(true)
})

test.each([
  ['another prefix', (key: string) => key.replace('lk_', 'xk_')],
  ['no prefix', (key: string) => key.slice(3)],
  ['a letter less', (key: string) => key.slice(0, -1)],
  ['a letter more', (key: string) => `${key}0`],
  ['another letter', (key: string) => key.slice(0, 5) + (key[5] === 'a' ? 'b' : 'a') + key.slice(6)],
  ['another checksum', (key: string) => key.slice(0, -1) + (key.endsWith('a') ? 'b' : 'a')],
])('%s makes it none', (_what, damage) => {
  const key = createSecret('lk')
  expect(isSecret('lk', key)).toBe(true)
  expect(isSecret('lk', damage(key))).toBe(false)
})

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const CRC_OF_30_ZEROS = 0x77e5db82

function toBase62(value: number): string {
  let [rest, digits] = [value, '']
  for (let index = 0; index < 6; index++) {
    digits = ALPHABET.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}
