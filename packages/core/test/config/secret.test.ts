import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { COOKIE, HTTPS_ORIGIN, makeAuth, SECRET } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'
import { DOORS, forge, openHouse } from '../support/doors.ts'

const OTHER = 'another secret, quite as long as that one'

describe('J16 C2 a secret', () => {
  test.each([
    { secret: SECRET },
    { secret: [SECRET, OTHER] },
    { secret: randomBytes(32).toString('hex') },
    { secret: randomBytes(33).toString('base64') },
    { secret: 'geheimnisse über äöüß, 32 bytes!' },
  ])('$secret is accepted', ({ secret }) => {
    expect(() => makeAuth({ secret: secret as string })).not.toThrow()
  })

  const rows: readonly { readonly what: string; readonly secret: unknown }[] = [
    { what: 'none', secret: undefined },
    { what: 'null', secret: null },
    { what: 'an empty one', secret: '' },
    { what: 'blanks', secret: ' '.repeat(40) },
    { what: 'an empty list', secret: [] },
    { what: 'a list with an empty one', secret: [SECRET, ''] },
    { what: 'a list with a missing one', secret: [SECRET, undefined] },
    { what: 'a number', secret: 1e40 },
    { what: 'bytes', secret: randomBytes(32) },
    { what: 'an object', secret: { toString: () => SECRET } },
    { what: '31 bytes', secret: SECRET.slice(0, 31) },
    { what: 'a short second one', secret: [SECRET, 'short'] },
    { what: 'one letter', secret: 'a'.repeat(64) },
    { what: 'two letters', secret: 'ab'.repeat(32) },
    { what: 'a word again and again', secret: 'changeme'.repeat(5) },
    { what: 'a long word again and again', secret: 'supersecret-'.repeat(4) },
    { what: 'a word again and again, cut off', secret: 'horse-battery'.repeat(3).slice(0, 36) },
    { what: 'the digits', secret: '12345678901234567890123456789012' },
    { what: "iron-session's sample", secret: 'complex_password_at_least_32_characters_long' },
    { what: "better-auth's default", secret: 'better-auth-secret-12345678901234567890' },
    { what: 'the same twice', secret: [SECRET, SECRET] },
    { what: 'the same twice, with another between', secret: [SECRET, OTHER, SECRET] },
  ]

  test.each(rows)('$what is refused, with the fix, and without naming it', ({ secret }) => {
    const make = () => makeAuth({ secret: secret as string })
    expect(make).toThrow(/^Configuration: secret: /)
    expect(make).toThrow(/openssl rand -base64 33|list every secret once/)
    if (typeof secret === 'string' && secret.trim() !== '') expect(make).not.toThrow(secret)
  })

  const before = process.env['NODE_ENV']
  afterEach(() => void (process.env['NODE_ENV'] = before))

  test.each(['production', 'development', 'test'])('is asked for in %s', (environment) => {
    process.env['NODE_ENV'] = environment
    expect(() => makeAuth({ baseUrl: HTTPS_ORIGIN, secret: SECRET })).not.toThrow()
    expect(() => makeAuth({ baseUrl: HTTPS_ORIGIN, secret: 'short' })).toThrow(/^Configuration: secret: /)
  })
})

describe('C2 X07 rotation: the first encrypts, all decrypt', () => {
  test('a session outlives every step, and ends with its key', async () => {
    const browser = createBrowser(makeAuth({ secret: OTHER }))
    await browser.signIn()
    const cookie = browser.cookies.get(COOKIE) ?? ''
    const open = async (secret: string | readonly [string, ...string[]]) => {
      const other = createBrowser(makeAuth({ secret }))
      other.cookies.set(COOKIE, cookie)
      return (await other.session())?.user.id
    }
    expect(await open(OTHER)).toBe('ann')
    expect(await open([OTHER, SECRET])).toBe('ann')
    expect(await open([SECRET, OTHER])).toBe('ann')
    expect(await open(SECRET)).toBeUndefined()
  })

  test('what is issued while rotating opens with the first alone, and not with the second', async () => {
    const browser = createBrowser(makeAuth({ secret: [SECRET, OTHER] }))
    await browser.signIn()
    const cookie = browser.cookies.get(COOKIE) ?? ''
    for (const [secret, user] of [
      [SECRET, 'ann'],
      [OTHER, undefined],
    ] as const) {
      const other = createBrowser(makeAuth({ secret }))
      other.cookies.set(COOKIE, cookie)
      expect((await other.session())?.user.id).toBe(user)
    }
  })

  test.each(DOORS)('a $kind made with any of three opens, with and without its kid', async (door) => {
    const secrets = [SECRET, OTHER, 'and a third one that is long enough too'] as const
    const { auth, clock } = openHouse({ secret: secrets })
    for (const secret of secrets) {
      for (const enc of ['A256GCM', 'A256CBC-HS512'] as const) {
        const header = { alg: 'dir', enc, ...(door.typ !== undefined && { typ: door.typ }) }
        expect(await door.knock(auth, forge(door, clock.seconds(), { secret, enc }))).toBe('in as ann')
        expect(await door.knock(auth, forge(door, clock.seconds(), { secret, enc, header }))).toBe('in as ann')
      }
    }
    const stranger = forge(door, clock.seconds(), { secret: 'of none of the three, though as long' })
    expect(await door.knock(auth, stranger)).toBe('InvalidToken')
  })
})
