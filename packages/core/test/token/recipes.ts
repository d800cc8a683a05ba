import { constants, generateKeyPairSync, publicEncrypt, randomBytes, sign as signWith } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { CompactEncrypt } from 'jose'
import { SECRET } from '../support/auth.ts'
import { type Door, forge, headerFor } from '../support/doors.ts'
import { deriveKey, encode, kidOf, seal, sign } from '../support/forge.ts'

/** What a forger has to work with: a door, the moment, and more than an attacker has, the right key. */
export interface Workshop {
  readonly door: Door
  readonly now: number
  readonly key: Buffer
  /** A URL whose server counts who asks. */
  readonly canary: string
}

export type Make = (workshop: Workshop) => string | readonly string[] | Promise<readonly string[]>

/** How the attacks of the published list are carried out. */
export interface Recipe {
  readonly make: Make
  /** What every door answers; the default is `InvalidToken`. */
  readonly answer?: string
  /** The header doesn't call itself ours, so that as a bearer token it is ignored and authenticates nobody. */
  readonly isNobodys?: true
}

/** Tokens that must open: without them every refusal below would prove nothing. */
export const GOOD: Readonly<Record<string, Make>> = {
  'A256GCM with kid, as we issue it': ({ door, now }) => forge(door, now),
  'A256CBC-HS512 with kid, as Auth.js issues it': ({ door, now }) => forge(door, now, { enc: 'A256CBC-HS512' }),
  'without a kid': ({ door, now, key }) =>
    forge(door, now, { header: headerFor(door, key, 'A256GCM', { kid: undefined }) }),
  'exp in the past by skew-1 s (our skew for exp is 0 s: one second is left)': (workshop) =>
    withClaims(workshop, { exp: workshop.now + 1 }),
  'iat ahead within the skew': (workshop) => withClaims(workshop, { iat: workshop.now + 119 }),
  'nbf ahead within the skew': (workshop) => withClaims(workshop, { nbf: workshop.now + 119 }),
  'duplicate JSON members in header {alg:none,alg:dir}: the last wins, here and in jose': (workshop) =>
    withRawHeader(workshop, (json) => json.replace('{', '{"alg":"none",')),
}

export const RECIPES: Readonly<Record<string, Recipe>> = {
  'alg none, JWS': {
    make: ({ door, now, key }) => {
      const unsigned = sign(headerFor(door, key, 'A256GCM', { alg: 'none' }), door.claims(now))
      return [unsigned, `${unsigned}..`, sealed({ door, now, key }, { alg: 'none' })]
    },
  },
  'alg NoNe': {
    make: ({ door, now, key }) => [
      sign(headerFor(door, key, 'A256GCM', { alg: 'NoNe' }), door.claims(now)),
      sealed({ door, now, key }, { alg: 'NoNe' }),
    ],
  },
  'alg missing': { make: (workshop) => sealed(workshop, { alg: undefined }) },
  'alg array': { make: (workshop) => [sealed(workshop, { alg: ['none'] }), sealed(workshop, { alg: ['dir'] })] },
  'alg empty signature HS256': {
    make: ({ door, now, key }) => sign(headerFor(door, key, 'A256GCM', { alg: 'HS256' }), door.claims(now)),
  },
  'JWS where JWE expected, HS256 signed with the raw secret': {
    make: ({ door, now, key }) =>
      [SECRET, key].map((secret) => sign(headerFor(door, key, 'A256GCM', { alg: 'HS256' }), door.claims(now), secret)),
  },
  'RS/ES/EdDSA public key used as HS256 secret (PEM, DER, JWK JSON)': {
    make: ({ door, now, key }) =>
      publicKeys().map((secret) => sign(headerFor(door, key, 'A256GCM', { alg: 'HS256' }), door.claims(now), secret)),
  },
  'dir with non-empty encrypted key': { make: ({ door, now }) => forge(door, now, { encryptedKey: randomBytes(32) }) },
  'alg A256KW with CEK wrapped by wrong key': {
    make: async ({ door, now, key }) => {
      const header = { alg: 'A256KW', enc: 'A256GCM', ...(door.typ !== undefined && { typ: door.typ }) }
      const encrypt = (by: Buffer) =>
        new CompactEncrypt(Buffer.from(JSON.stringify(door.claims(now)))).setProtectedHeader(header).encrypt(by)
      return [await encrypt(randomBytes(32)), await encrypt(key)]
    },
  },
  'alg PBES2-HS512+A256KW p2c=2147483647': {
    make: (workshop) =>
      sealed(
        workshop,
        { alg: 'PBES2-HS512+A256KW', p2c: 2_147_483_647, p2s: 'AAAAAAAAAAAAAAAAAAAAAA' },
        { encryptedKey: randomBytes(40) },
      ),
  },
  'alg RSA1_5': {
    make: (workshop) => {
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
      const encryptedKey = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, workshop.key)
      return sealed(workshop, { alg: 'RSA1_5' }, { encryptedKey })
    },
  },
  'alg ECDH-ES epk off-curve / P-256 point (0,0)': {
    make: (workshop) =>
      [Buffer.alloc(32), Buffer.alloc(32, 1)].map((coordinate) => {
        const point = coordinate.toString('base64url')
        return sealed(workshop, { alg: 'ECDH-ES', epk: { kty: 'EC', crv: 'P-256', x: point, y: point } })
      }),
  },
  'enc A128CBC-HS256 with key prefix': {
    make: ({ door, now }) => {
      const key = deriveKey(SECRET, door.salt, 'A256CBC-HS512').subarray(0, 32)
      return forge(door, now, { key, enc: 'A128CBC-HS256' })
    },
  },
  'enc swapped A256GCM<->A256CBC-HS512': {
    make: ({ door, now, key }) => {
      const long = deriveKey(SECRET, door.salt, 'A256CBC-HS512')
      return [
        forge(door, now, { header: headerFor(door, long, 'A256CBC-HS512') }),
        forge(door, now, { header: headerFor(door, key, 'A256CBC-HS512') }),
        forge(door, now, { enc: 'A256CBC-HS512', header: headerFor(door, key, 'A256GCM') }),
        forge(door, now, { enc: 'A256CBC-HS512', header: headerFor(door, long, 'A256GCM', { kid: undefined }) }),
      ]
    },
  },
  'truncated GCM tag 12 bytes': {
    make: ({ door, now }) => [forge(door, now, { tagBytes: 12 }), forge(door, now, { tagBytes: 4 })],
  },
  'GCM IV 8 bytes / empty': {
    make: ({ door, now }) => [
      forge(door, now, { iv: randomBytes(8) }),
      forge(door, now, { iv: randomBytes(16) }),
      emptied(forge(door, now), 2),
    ],
  },
  'CBC tag truncated': {
    make: ({ door, now }) => [0, 1, 16, 31].map((tagBytes) => forge(door, now, { enc: 'A256CBC-HS512', tagBytes })),
  },
  'zip DEF bomb: 1 MB of zeros compresses to ~1 KB, made with right key': {
    make: ({ door, now, key }) => {
      const payload = deflateRawSync(JSON.stringify({ ...door.claims(now), pad: '0'.repeat(1_000_000) }))
      return forge(door, now, { payload, header: headerFor(door, key, 'A256GCM', { zip: 'DEF' }) })
    },
  },
  'crit unknown': { make: (workshop) => sealed(workshop, { crit: ['http://x'], 'http://x': 1 }) },
  'crit empty array': { make: (workshop) => sealed(workshop, { crit: [] }) },
  'crit b64 false': {
    make: (workshop) => [sealed(workshop, { b64: false, crit: ['b64'] }), sealed(workshop, { b64: true })],
  },
  'embedded jwk, self-signed': {
    make: (workshop) => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const jwk = publicKey.export({ format: 'jwk' })
      const head = encode(headerFor(workshop.door, workshop.key, 'A256GCM', { alg: 'ES256', jwk }))
      const body = `${head}.${encode(workshop.door.claims(workshop.now))}`
      const signature = signWith('sha256', Buffer.from(body), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
        'base64url',
      )
      const own = randomBytes(32)
      return [
        `${body}.${signature}`,
        sealed(workshop, { jwk: { kty: 'oct', k: own.toString('base64url') }, kid: kidOf(own) }, { key: own }),
        sealed(workshop, { jwk }),
      ]
    },
  },
  'jku https://evil/jwks': {
    make: (workshop) => [
      sealed(workshop, { jku: `${workshop.canary}/jwks` }),
      sealed(workshop, { jku: `${workshop.canary}/jwks`, kid: 'theirs' }, { key: randomBytes(32) }),
      sign(
        headerFor(workshop.door, workshop.key, 'A256GCM', { alg: 'RS256', jku: `${workshop.canary}/jwks` }),
        workshop.door.claims(workshop.now),
        'x',
      ),
    ],
  },
  'x5u / x5c self-signed': {
    make: (workshop) => [
      sealed(workshop, { x5u: `${workshop.canary}/cert` }),
      sealed(workshop, { x5c: [randomBytes(32).toString('base64')] }),
      sign(
        headerFor(workshop.door, workshop.key, 'A256GCM', { alg: 'RS256', x5u: `${workshop.canary}/cert` }),
        workshop.door.claims(workshop.now),
        'x',
      ),
    ],
  },
  'kid ../../../../dev/null': {
    make: (workshop) => [
      sealed(workshop, { kid: '../../../../dev/null' }),
      sealed(workshop, { kid: '../../../../dev/null' }, { key: Buffer.alloc(32) }),
    ],
  },
  "kid ' OR 1=1 --": {
    make: (workshop) => ["' OR 1=1 --", '__proto__', 'constructor', ''].map((kid) => sealed(workshop, { kid })),
  },
  'kid of a retired key': {
    make: ({ door, now }) => {
      const key = deriveKey('a retired secret of the same length, 40 B', door.salt)
      return [
        forge(door, now, { key }),
        forge(door, now, { key, header: headerFor(door, key, 'A256GCM', { kid: undefined }) }),
      ]
    },
  },
  'kid array/object/number/10 KB': {
    make: (workshop) =>
      [[kidOf(workshop.key)], { length: 1 }, 1, 0, null, true].map((kid) => sealed(workshop, { kid })),
  },
  'exp missing': { make: (workshop) => withClaims(workshop, { exp: undefined }) },
  'exp in the past by skew+1 s': {
    // Its own kind: the client of an expired access token refreshes, everybody else signs in again (R11).
    answer: 'expired',
    make: (workshop) => withClaims(workshop, { exp: workshop.now - 1, iat: workshop.now - 100 }),
  },
  'exp not a finite number': {
    make: (workshop) => ['9999999999', [9_999_999_999], null, true, {}, -1].map((exp) => withClaims(workshop, { exp })),
  },
  'exp 1e999, which JSON reads as Infinity': {
    make: ({ door, now }) =>
      forge(door, now, { payload: JSON.stringify({ ...door.claims(now), exp: 0 }).replace('"exp":0', '"exp":1e999') }),
  },
  'nbf in the future > skew': {
    make: (workshop) => [workshop.now + 121, '0', null, []].map((nbf) => withClaims(workshop, { nbf })),
  },
  'iat in the future > skew': {
    make: (workshop) => [workshop.now + 121, undefined, '1', null, -1].map((iat) => withClaims(workshop, { iat })),
  },
  'authTime in the future > skew': {
    // It would never grow old: `fresh` for ever, and beyond the absolute lifetime.
    make: (workshop) =>
      [workshop.now + 121, workshop.now * 1_000, '1', null].map((authTime) => withClaims(workshop, { authTime })),
  },
  'sub missing / empty / number / array / object': {
    make: (workshop) =>
      [undefined, '', 7, ['ann'], { id: 'ann' }, null, true].map((sub) => withClaims(workshop, { sub })),
  },
  'jti missing / empty / number, sessionId not a name': {
    make: (workshop) => [
      ...[undefined, '', 7, null].map((jti) => withClaims(workshop, { jti })),
      ...['', 7, null, ['a']].map((sessionId) => withClaims(workshop, { sessionId })),
    ],
  },
  'claims that are no object': {
    make: ({ door, now }) =>
      ['[]', 'null', '"ann"', '1', '', '{', '\u{feff}{}', '{}}'].map((payload) => forge(door, now, { payload })),
  },
  'claims that are no UTF-8': {
    make: ({ door, now }) => forge(door, now, { payload: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }),
  },
  'another typ': {
    make: (workshop) =>
      ['JWT', 'latchkey.other', '', 1, ['latchkey.access'], null].map((typ) => sealed(workshop, { typ })),
    isNobodys: true,
  },
  'the header ends in members that nobody knows': {
    make: (workshop) => [
      sealed(workshop, { cty: 'JWT' }),
      sealed(workshop, { apu: 'x' }),
      sealed(workshop, { iss: 'ann' }),
    ],
  },
  'duplicate JSON members in header, alg none last': {
    make: (workshop) => withRawHeader(workshop, (json) => json.replace(/\}$/, ',"alg":"none"}')),
  },
  'a __proto__ in the header': {
    make: (workshop) => withRawHeader(workshop, (json) => json.replace('"alg":"dir"', '"__proto__":{"alg":"dir"}')),
  },
  'JSON serialisation (flattened/general) instead of compact': {
    make: ({ door, now }) => {
      const [head, , iv, ciphertext, tag] = forge(door, now).split('.')
      const flattened = { protected: head, iv, ciphertext, tag }
      const general = { ...flattened, recipients: [{}] }
      return [flattened, general].flatMap((json) => [JSON.stringify(json), encode(json)])
    },
    isNobodys: true,
  },
  '6 segments / 4 segments / empty segments / 5 dots': {
    make: ({ door, now }) => {
      const token = forge(door, now)
      return [
        `${token}.`,
        `${token}.x`,
        `${token}.${token}`,
        token.slice(0, token.lastIndexOf('.')),
        ...[2, 3, 4].map((at) => emptied(token, at)),
      ]
    },
  },
  'no header at all': {
    make: ({ door, now }) => ['....', '.....', '.', emptied(forge(door, now), 0), 'x'],
    isNobodys: true,
  },
  'header 100k-deep JSON': {
    make: ({ door, now }) => {
      const [, ...rest] = forge(door, now).split('.')
      return [3_000, 40_000].map((depth) => [encode('['.repeat(depth)), ...rest].join('.'))
    },
    isNobodys: true,
  },
  'another spelling: padding, white space, base64, unused bits, percent-encoding': {
    make: ({ door, now }) => respellings(forge(door, now)),
    isNobodys: true,
  },
  'bytes moved from the ciphertext into the tag, or from the tag into the ciphertext': {
    make: ({ door, now }) => {
      const [head, , iv, ciphertext = '', tag = ''] = forge(door, now, { payload: padTo(door.claims(now)) }).split('.')
      return [
        `${head}..${iv}.${ciphertext.slice(0, -4)}.${ciphertext.slice(-4)}${tag}`,
        `${head}..${iv}.${ciphertext}${tag.slice(0, 4)}.${tag.slice(4)}`,
      ]
    },
  },
}

/** A token with the right key and a header in which members are changed or added. */
function sealed({ door, now, key }: Omit<Workshop, 'canary'>, more: object, options: object = {}): string {
  return forge(door, now, { header: headerFor(door, key, 'A256GCM', more), ...options })
}

function withClaims({ door, now }: Workshop, claims: object): string {
  return forge(door, now, { payload: { ...door.claims(now), ...claims } })
}

function withRawHeader({ door, now, key }: Workshop, change: (json: string) => string): string {
  return seal({ key, payload: door.claims(now), header: change(JSON.stringify(headerFor(door, key))) })
}

function emptied(token: string, at: number): string {
  return token
    .split('.')
    .map((part, index) => (index === at ? '' : part))
    .join('.')
}

/** Claims whose JSON has a length that base64url spells without unused bits, so that parts can be cut at any four characters. */
function padTo(claims: object): string {
  const json = JSON.stringify(claims)
  return json + ' '.repeat((3 - (json.length % 3)) % 3)
}

function respellings(token: string): readonly string[] {
  const parts = token.split('.')
  const spelled = (change: (part: string) => string) =>
    [0, 2, 3, 4].map((at) => parts.map((part, index) => (index === at ? change(part) : part)).join('.'))
  const last = token.at(-1) ?? ''
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  // The tag's 16 bytes leave four bits of its last character unused: fifteen other characters stand for the same bytes.
  const others = Array.from({ length: 15 }, (_, index) => alphabet[alphabet.indexOf(last) + index + 1] ?? '=')
  return [
    ...spelled((part) => `${part}=`),
    ...spelled((part) => `${part.slice(0, 2)} ${part.slice(2)}`),
    ...spelled((part) => `${part.slice(0, 2)}%20${part.slice(2)}`),
    ...spelled((part) => `%${part.charCodeAt(0).toString(16)}${part.slice(1)}`),
    ...others.map((other) => token.slice(0, -1) + other),
    `"${token}"`,
    token.replaceAll('.', '%2E'),
    token.toUpperCase(),
  ]
}

let pairs: readonly (string | Buffer)[] | undefined

function publicKeys(): readonly (string | Buffer)[] {
  return (pairs ??= [
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('ed25519'),
  ].flatMap(({ publicKey }) => [
    publicKey.export({ format: 'pem', type: 'spki' }),
    publicKey.export({ format: 'der', type: 'spki' }),
    JSON.stringify(publicKey.export({ format: 'jwk' })),
  ]))
}
