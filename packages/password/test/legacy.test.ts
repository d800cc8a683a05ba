import { bcrypt, betterAuth, django, pbkdf2Phc } from '@latchkey/password/legacy'
import { argon2id, scrypt } from '@latchkey/password'
import { expect, test } from 'vitest'

const ASCII = 'correct horse battery staple'
const OTHER = 'pä$$wörd 🐎'
const LONG = `${'x'.repeat(72)}tail`

// Made with the libraries themselves: bcryptjs 3.0, better-auth 1.6, Django 3.2 (scrypt: Python's hashlib in the form of Django 4).
test.each([
  {
    kind: bcrypt,
    from: 'bcryptjs',
    password: ASCII,
    stored: '$2b$10$iQKmu9FP46xge9rZ6thHm.5JgP3guMocuok37wmJw4vYQAd/OGFda',
  },
  {
    kind: bcrypt,
    from: 'bcryptjs, not ASCII',
    password: OTHER,
    stored: '$2b$10$wW2Ku63blByoCgEU44SBVONXoIaMVQiyb7Wdnt/.z3yGnINS5gnJe',
  },
  {
    kind: bcrypt,
    from: 'bcryptjs, 76 bytes',
    password: LONG,
    stored: '$2b$10$WAgNXfIPgUoau8hTs4nZuO87j.LhQ2KNGMx17uGJl2q50iU7xGxM2',
  },
  {
    kind: bcrypt,
    from: 'PHP',
    password: ASCII,
    stored: '$2y$10$iQKmu9FP46xge9rZ6thHm.5JgP3guMocuok37wmJw4vYQAd/OGFda',
  },
  {
    kind: betterAuth,
    from: 'better-auth',
    password: ASCII,
    stored:
      'a2932c0dbf080ca92cabce8a2f906919:bdb5fe496e7ae54ada579bcb810ea260437d2adbb03dcb62819bd42238e2d5549efe53b5967b87129a063dfc3ad42e51d70db19b4fd0f8f295de608b5ea5fde8',
  },
  {
    kind: betterAuth,
    from: 'better-auth, not ASCII',
    password: OTHER,
    stored:
      '30a444d3c91fb5a510bcc776bde874bd:abe3fa4544b0f82f3e97e1843c7a179e7086a15f1a685cc663cf16b38efd48f88aac24e9699e290f2dba33b23723b00f0f913219879b669f91db870ef85cc4d6',
  },
  {
    kind: django,
    from: 'Django, PBKDF2',
    password: ASCII,
    stored: 'pbkdf2_sha256$260000$ZTd5EG2DbWGttwyNEcRiIS$qPknH48ELSYpVoJxlUdVBWD+y9yHROvhXUIDV19xAtk=',
  },
  {
    kind: django,
    from: 'Django, PBKDF2, not ASCII',
    password: OTHER,
    stored: 'pbkdf2_sha256$260000$AbA7c3nsmRGH9NuywXSPBW$kijhFXxqLilae+5pR6SsycsOhSuVNtuE9vhvwJfjRuU=',
  },
  {
    kind: django,
    from: 'Django, PBKDF2 with SHA-1',
    password: ASCII,
    stored: 'pbkdf2_sha1$260000$htt4fLxEXuFPJPxUb1V9Ht$jiVSvtZOY13RPTXylUz+/LN3Yx8=',
  },
  {
    kind: django,
    from: 'Django, Argon2',
    password: ASCII,
    stored: 'argon2$argon2id$v=19$m=102400,t=2,p=8$c3loNGxDaHpvYThoNldReTU3bGdvTw$eNh/9DHEg5dyN+7reRCsyQ',
  },
  {
    kind: django,
    from: 'Django, bcrypt',
    password: ASCII,
    stored: 'bcrypt$$2b$12$C2BWfTsi9xaf5Wy3hbxDT.rlQyQv101FGvqmxBaV001XnAGw1T.jO',
  },
  {
    kind: django,
    from: 'Django, bcrypt with SHA-256',
    password: OTHER,
    stored: 'bcrypt_sha256$$2b$12$zEr9zn5axIxToyoP4NjN9e9X0BrZO/h6b05n0zSV6YhcE8/xWzodO',
  },
  {
    kind: django,
    from: 'Django, scrypt',
    password: ASCII,
    stored:
      'scrypt$16384$m9QkIhSzJ4yq1TQ2lVZ8fA$8$1$55wNSf7jBV9s5ZQw13pwLTYni3kKvufBsmmUBu52zXbB35as8Qpzq7IGAoPB5WGP4Iaw4b/BqUUrGp0bk3wltw==',
  },
  {
    kind: pbkdf2Phc,
    from: 'PHC, PBKDF2 with SHA-256',
    password: ASCII,
    stored: '$pbkdf2-sha256$i=29000$MDEyMzQ1Njc4OWFiY2RlZg$vajIaozrb7q4x+G3R5Y+FIe07ZH3QEjPYV1bs8kEikU',
  },
  {
    kind: pbkdf2Phc,
    from: 'PHC, PBKDF2 with SHA-512',
    password: ASCII,
    stored:
      '$pbkdf2-sha512$i=25000$MDEyMzQ1Njc4OWFiY2RlZg$1ghj0T0HZWch00LfnhjXx3er7ZDEEN1BF6pxsBlgz/d07d+Qxz5Kg1Oz9g8VdS6ebiSwisnASzPZrBoVE1c39Q',
  },
  {
    kind: argon2id,
    from: 'PHC, Argon2',
    password: ASCII,
    stored: '$argon2id$v=19$m=102400,t=2,p=8$c3loNGxDaHpvYThoNldReTU3bGdvTw$eNh/9DHEg5dyN+7reRCsyQ',
  },
  {
    kind: scrypt,
    from: 'PHC, scrypt',
    password: ASCII,
    stored: '$scrypt$ln=14,r=8,p=5$MDEyMzQ1Njc4OWFiY2RlZg$yMHgG/FDESRF0j5gjhGLotSMPdnfefUcNNFPyNoQtJE',
  },
])('a hash of $from', async ({ kind, password, stored }) => {
  const hasher = kind()
  expect(hasher.reads(stored)).toBe(true)
  expect(await hasher.verify(stored, password)).toBe(true)
  expect(await hasher.verify(stored, `${password.slice(0, -6)}!`)).toBe(false)
})

test('a hash that is made for better-auth is one of its form, each with a salt of its own', async () => {
  const hasher = betterAuth()
  const [one, other] = [await hasher.hash(OTHER), await hasher.hash(OTHER)]
  expect(one).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/)
  expect(one).not.toBe(other)
  expect([await hasher.verify(one, OTHER), await hasher.verify(one, ASCII), hasher.needsRehash(one)]).toEqual([
    true,
    false,
    false,
  ])
})

test('bcrypt sees 72 bytes', async () => {
  const stored = '$2b$10$WAgNXfIPgUoau8hTs4nZuO87j.LhQ2KNGMx17uGJl2q50iU7xGxM2'
  expect(await bcrypt().verify(stored, `${LONG} and more`)).toBe(true)
  expect(await bcrypt().verify(stored, LONG.slice(0, 71))).toBe(false)
})

test.each([bcrypt, betterAuth, django, pbkdf2Phc, argon2id, scrypt])('what is no hash is not read: %s', (kind) => {
  const hasher = kind()
  for (const text of [
    '',
    'plain text',
    '$',
    '$$$',
    '$2b$99$abc',
    'argon2$',
    '!',
    'md5$a$b',
    `${'a'.repeat(32)}:`,
    '$argon2id$',
    'scrypt$3$a$8$1$aaaa',
  ])
    expect(hasher.reads(text)).toBe(false)
})
