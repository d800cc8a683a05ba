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

/** One of the counts of a client that waits before it guesses at a name: both are keys. */
export function toWaitKey(count: string, name: string, client: string): Awaitable<string> {
  return sha256(`${count}:${name}:${client}`)
}

/** How many ask while a name is being guessed at. @param name the name's key */
export function toContestKey(name: string): Awaitable<string> {
  return sha256(`contested:${name}`)
}

/** The spelling counts: where two people's names differ in an accent only, neither of them is known under the other's. */
export function toKnownNameDigest({
  provider,
  name,
}: {
  readonly provider: string
  readonly name: string
}): Promise<string> {
  return shortDigest(`device name:${provider}:${name}`)
}

/**
 * The same for every device that first signed in from one address: whoever signs in a thousand times has no more devices than addresses, so
 * that somebody who knew an old password doesn't have any number of guesses at the new one.
 */
export function toDeviceDigest(name: string, address: string | null): Promise<string> {
  return shortDigest(`device:${name}:${address === null ? '' : toClientKey(address)}`)
}

/** 128 bits. */
async function shortDigest(text: string): Promise<string> {
  return (await sha256(text)).slice(0, 22)
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
