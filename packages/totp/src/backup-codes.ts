import type { Shared } from './shared.ts'

/** How many codes a person gets. */
export const BACKUP_CODES = 10

/** Base32 (RFC 4648), without the digits that look like letters. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
/** 80 bits. */
const LENGTH = 16

/** Replaces a user's backup codes. @returns the new ones, which nobody will know later */
export async function replaceBackupCodes(shared: Shared, user: string): Promise<readonly string[]> {
  const { tables } = shared
  const codes = Array.from({ length: BACKUP_CODES }, createCode)
  await tables.backupCodes.remove({ user })
  for (const code of codes) await tables.backupCodes.insert({ digest: await toDigest(shared, user, code), user })
  return codes
}

/** Uses a backup code up: of many calls with one code exactly one gets it. Null: it is none of this user's. */
export async function takeBackupCode(shared: Shared, user: string, code: string): Promise<object | null> {
  return shared.tables.backupCodes.take({ digest: await toDigest(shared, user, code) }, { user })
}

export async function countBackupCodes({ tables }: Shared, user: string): Promise<number> {
  return (await tables.backupCodes.list({ where: { user }, limit: BACKUP_CODES })).length
}

/** `abcd-efgh-ijkl-mnop`: each letter has five random bits. */
function createCode(): string {
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(LENGTH)), (byte) => ALPHABET[byte % 32])
  return letters.join('').replaceAll(/.{4}(?!$)/g, '$&-')
}

/** The user's id makes the digests of two people differ, so that a guess is about one person. */
async function toDigest({ engine }: Shared, user: string, code: string): Promise<string> {
  return engine.hash(`${user} ${code.toLowerCase().replaceAll(/[^a-z2-7]/g, '')}`)
}
