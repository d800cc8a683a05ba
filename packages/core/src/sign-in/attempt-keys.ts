import { sha256 } from '#runtime'
import { toClientKey } from '../internal/client-address.ts'
import type { Awaitable } from '../internal/types.ts'

/** Longer than any name that people sign in with; in UTF-16 code units. */
export const MAX_IDENTIFIER: number = 1_024

/** What an attempt is counted under: a digest, so that a key has one size, and nothing of the input is kept in memory. */
export function toIdentifierKey(what: string, identifier: string): Awaitable<string> {
  return sha256(`identifier:${what}:${foldSpellings(identifier)}`)
}

export function toAddressKey(address: string): Awaitable<string> {
  return sha256(`address:${toClientKey(address)}`)
}

/** @param name the key of the name that the device signed in under */
export function toDeviceKey(name: string, device: string): Awaitable<string> {
  return sha256(`device:${name}:${device}`)
}

/**
 * What a send is counted under. A client's address is one key however it is written, and everybody has another than any name.
 *
 * @param isAddress whether `whom` is the client's address
 */
export function toSendKey(what: string, whom: string | null, isAddress: boolean): Awaitable<string> {
  if (whom === null) return sha256(`sends:${what}`)
  return sha256(isAddress ? `sends to client:${what}:${toClientKey(whom)}` : `sends to:${what}:${foldSpellings(whom)}`)
}

/**
 * Spellings of one name share one counter: `Ann@Example.com `, or with a zero-width space inside, guesses at `ann@example.com`. Folded
 * as far as the collations of databases do, accents included: there each of them finds the same user.
 */
function foldSpellings(identifier: string): string {
  return identifier.normalize('NFKD').replace(INVISIBLE, '').toUpperCase().toLowerCase().replace(ACCENTS, '').trim()
}

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu
/** Combining diacritical marks: what letters with accents are decomposed to. */
const ACCENTS = /[\u0300-\u036f]/g
