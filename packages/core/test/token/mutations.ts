import * as fc from 'fast-check'

/** A change to a token's text; `other` is a token of somebody else to take parts from. */
export type Mutation = (token: string, other: string) => string

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** What a header can carry besides: none of it belongs into a token. */
const FOREIGN = '=+/.,:!~%"\'`()[]{}<>@#$&*?|\\^ '

const segment = fc.nat({ max: 4 })
const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const character = fc.constantFrom(...(ALPHABET + FOREIGN).split(''))

/** One of the ways in which security.md (§3, suite 1) breaks tokens. */
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  // A bit of the decoded bytes, spelled canonically again.
  fc.tuple(segment, position, fc.nat({ max: 7 })).map(
    ([at, where, bit]): Mutation =>
      (token) =>
        changePart(token, at, (part) => {
          const bytes = Buffer.from(part, 'base64url')
          const index = Math.floor(where * bytes.length)
          if (index < bytes.length) bytes[index] = (bytes[index] ?? 0) ^ (1 << bit)
          return bytes.toString('base64url')
        }),
  ),
  // A character of the text.
  fc.tuple(position, character).map(
    ([where, put]): Mutation =>
      (token) =>
        splice(token, where, 1, put),
  ),
  fc.tuple(position, character).map(
    ([where, put]): Mutation =>
      (token) =>
        splice(token, where, 0, put),
  ),
  position.map(
    (where): Mutation =>
      (token) =>
        splice(token, where, 1, ''),
  ),
  // Segments swapped, doubled, emptied, taken from somebody else's token.
  fc.tuple(segment, segment).map(([a, b]): Mutation => (token) => {
    const parts = token.split('.')
    return parts.map((part, index) => (index === a ? parts[b] : index === b ? parts[a] : part) ?? '').join('.')
  }),
  segment.map(
    (at): Mutation =>
      (token) =>
        changePart(token, at, (part) => `${part}.${part}`),
  ),
  segment.map(
    (at): Mutation =>
      (token) =>
        changePart(token, at, () => ''),
  ),
  segment.map(
    (at): Mutation =>
      (token, other) =>
        changePart(token, at, () => other.split('.')[at] ?? ''),
  ),
  fc.tuple(segment, position).map(
    ([at, where]): Mutation =>
      (token) =>
        changePart(token, at, (part) => part.slice(0, Math.floor(where * part.length))),
  ),
  // Spelled otherwise: the bytes stay what they are.
  fc.tuple(segment, fc.constantFrom('=', '==', ' ', '%20', '\t', '.')).map(
    ([at, tail]): Mutation =>
      (token) =>
        changePart(token, at, (part) => part + tail),
  ),
  fc.tuple(segment, fc.integer({ min: 1, max: 15 })).map(
    ([at, bits]): Mutation =>
      (token) =>
        changePart(
          token,
          at,
          (part) => part.slice(0, -1) + (ALPHABET[ALPHABET.indexOf(part.at(-1) ?? 'A') ^ bits] ?? ''),
        ),
  ),
  segment.map(
    (at): Mutation =>
      (token) =>
        changePart(token, at, (part) => part.replaceAll('-', '+').replaceAll('_', '/')),
  ),
  fc.constantFrom<Mutation>(
    (token) => token + token,
    (token) => `${token},${token}`,
    (token, other) => `${token}.${other}`,
    (token) => `"${token}"`,
    (token) => encodeURIComponent(token).replaceAll('.', '%2E'),
    (token) => token.toLowerCase(),
    (token) => token.split('').toReversed().join(''),
    () => '',
  ),
  // Cut off, wherever.
  position.map(
    (where): Mutation =>
      (token) =>
        token.slice(0, Math.floor(where * token.length)),
  ),
)

function changePart(token: string, at: number, change: (part: string) => string): string {
  return token
    .split('.')
    .map((part, index) => (index === at ? change(part) : part))
    .join('.')
}

function splice(token: string, where: number, remove: number, put: string): string {
  const at = Math.floor(where * token.length)
  return token.slice(0, at) + put + token.slice(at + remove)
}
