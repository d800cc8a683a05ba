import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCookie } from '../../src/cookie/read.ts'

const NAME = 'latchkey.session'

/** RFC 6265 section 5.4 the slow way: every pair, then the ones that are ours. */
function readSlowly(header: string, name: string) {
  const found = new Map<string, string>()
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals === -1) continue
    const key = pair.slice(0, equals).replace(/^[ \t]+/, '')
    if (!found.has(key)) found.set(key, pair.slice(equals + 1).trim())
  }
  const chunks = Array.from({ length: 32 }, (_, index) => found.get(`${name}.${index}`))
  const there = chunks.flatMap((chunk, index) => (chunk === undefined ? [] : [index]))
  const joined = there.every((index, at) => index === at) ? there.map((index) => chunks[index]).join('') : null
  const whole = found.get(name)
  return {
    value: whole ?? (there.length > 0 ? joined : null),
    present: [...(whole === undefined ? [] : [name]), ...there.map((index) => `${name}.${index}`)],
  }
}

const word = fc.constantFrom(
  NAME,
  `${NAME}.0`,
  `${NAME}.1`,
  `${NAME}.2`,
  `${NAME}.31`,
  `${NAME}.32`,
  `${NAME}.01`,
  `${NAME}.`,
  `${NAME}2`,
  `x${NAME}`,
  'latchkey',
  'theme',
  '',
)
const glue = fc.constantFrom('; ', ';', ' ; ', ';\t', ',', ' ', '=', '', '\u00a0', '\u0085', '"')
const value = fc.constantFrom('a', 'b', '', ' c ', '"d"', 'e=f', NAME, `${NAME}=g`, '%3B')

describe('S06 the cookie reader, which stands on every request’s path', () => {
  test.each([
    { header: `${NAME}=a`, value: 'a' },
    { header: `x=y; ${NAME}=a; ${NAME}=b`, value: 'a' },
    { header: `${NAME}.1=b;${NAME}.0=a`, value: 'ab' },
    { header: `${NAME}.0=a; ${NAME}.2=c`, value: null },
    { header: `\u00a0${NAME}=a`, value: null },
  ])('$header: $value', ({ header, value: expected }) => {
    expect(readCookie(header, NAME).value).toBe(expected)
  })

  test('answers for any header what the slow way answers', () => {
    const pair = fc.tuple(word, glue, fc.constantFrom('=', '', '=='), value).map((parts) => parts.join(''))
    const pieces = fc.array(
      fc.oneof(
        pair,
        fc.tuple(word, fc.constant('='), value).map((parts) => parts.join('')),
        fc.string(),
      ),
    )
    const headers = fc.tuple(pieces, glue).map(([parts, between]) => parts.join(between))
    const property = fc.property(headers, (header) => {
      const read = readCookie(header, NAME)
      const expected = readSlowly(header, NAME)
      expect({ ...read, present: read.present.toSorted() }).toEqual({
        ...expected,
        present: expected.present.toSorted(),
      })
    })
    fc.assert(property, { numRuns: 5_000 })
  })
})
