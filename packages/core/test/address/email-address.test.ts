import { parseEmailAddress } from '@latchkey/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { describeVectors } from '../support/vectors.ts'

test.each([
  ['ann@example.com', 'ann@example.com'],
  ['  Ann@Example.COM ', 'ann@example.com'],
  ["o'brien+news.2@mail.example.co.uk", "o'brien+news.2@mail.example.co.uk"],
  ['a_b-c=d@1and1.com', 'a_b-c=d@1and1.com'],
  ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
  ['ann@xn--bcher-kva.example', 'ann@xn--bcher-kva.example'],
  [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
])('%s is the address %s', (text, address) => {
  expect(parseEmailAddress(text)).toBe(address)
})

test.each([
  ['nothing', ''],
  ['no @', 'ann'],
  ['two of them', 'a@b@example.com'],
  ['nothing before the @', '@example.com'],
  ['nothing after it', 'ann@'],
  ['a quoted part', '"ann"@example.com'],
  ['a route in the part before the @', 'ann%evil.example@example.com'],
  ['a bang path', 'evil.example!ann@example.com'],
  ['a comment', 'ann(evil@evil.example)@example.com'],
  ['two dots', 'ann..b@example.com'],
  ['a dot first', '.ann@example.com'],
  ['a space inside', 'ann @example.com'],
  ['a line break at the end', 'ann@example.com\n'],
  ['a tab', '\tann@example.com'],
  ['a letter outside ASCII before the @', 'änn@example.com'],
  ['a letter that lower case makes ASCII', 'an\u212A@example.com'],
  ['a fullwidth letter in the domain', 'ann@ｅxample.com'],
  ['a soft hyphen in the domain', 'ann@exam\u00adple.com'],
  ['an ideographic full stop', 'ann@example。com'],
  ['one label', 'ann@localhost'],
  ['a dot at the end', 'ann@example.com.'],
  ['an IP address', 'ann@127.0.0.1'],
  ['a short IP address', 'ann@0x7f.1'],
  ['an address literal', 'ann@[127.0.0.1]'],
  ['a port', 'ann@example.com:25'],
  ['a path', 'ann@example.com/x'],
  ['a hyphen at a label’s end', 'ann@example-.com'],
  ['an underscore in the domain', 'ann@ex_ample.com'],
  ['broken punycode', 'ann@xn--a.example'],
  ['a label of 64', `ann@${'b'.repeat(64)}.com`],
  ['65 before the @', `${'a'.repeat(65)}@example.com`],
  ['255 in all', `ann@${'b'.repeat(61)}.${'b'.repeat(61)}.${'b'.repeat(61)}.${'b'.repeat(61)}.com`],
  ['a megabyte', `${'a'.repeat(1_000_000)}@example.com`],
])('E06: %s is no address', (_, text) => {
  expect(parseEmailAddress(text)).toBeNull()
})

test('E06: what comes out goes in again unchanged', () => {
  for (const text of ['Ann@Bücher.Example', 'ann@faß.example', 'ann@ελλάδα.example']) {
    const address = parseEmailAddress(text)
    expect(address && parseEmailAddress(address)).toBe(address)
  }
})

describeVectors('E06: the published list of addresses', (read) => {
  const { cases } = read(
    'attack-lists/emails.json',
    z.object({ cases: z.array(z.object({ in: z.unknown(), expect: z.string() })) }),
  )
  for (const { in: text, expect: expected } of cases) {
    if (typeof text !== 'string') continue
    test(`${JSON.stringify(text).slice(0, 80)}: ${expected}`, () => {
      const [, normalized] = /^normalize:(\S+)/.exec(expected) ?? []
      if (expected.startsWith('distinct')) expect(parseEmailAddress(text)).toBe(text)
      else expect(parseEmailAddress(text)).toBe(normalized ?? null)
    })
  }
})
