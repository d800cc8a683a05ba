const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 178 random bits. */
const RANDOM_LENGTH = 30
const CHECKSUM_LENGTH = 6

/**
 * A new key: prefix, random part, checksum, as in `lk_…`. The prefix and the checksum let a secret scanner find keys that were published by
 * mistake, and with few false alarms.
 */
export function createSecret(prefix: string): string {
  const random = randomText(RANDOM_LENGTH)
  return `${prefix}_${random}${checksum(random)}`
}

/** Whether a text has the form of a key, checksum included: any other needn't be looked for. */
export function isSecret(prefix: string, text: string): boolean {
  const body = text.slice(prefix.length + 1)
  if (!text.startsWith(`${prefix}_`) || body.length !== RANDOM_LENGTH + CHECKSUM_LENGTH) return false
  return checksum(body.slice(0, RANDOM_LENGTH)) === body.slice(RANDOM_LENGTH)
}

/** What lists show of a key: enough to tell it from its user's others. */
export function readStart(prefix: string, secret: string): string {
  return secret.slice(0, prefix.length + 1 + 4)
}

function randomText(length: number): string {
  let text = ''
  while (text.length < length) {
    // The last multiple of 62 below 256: without the bytes above it, every letter is equally likely.
    for (const byte of crypto.getRandomValues(new Uint8Array(length)))
      if (byte < 248 && text.length < length) text += ALPHABET.charAt(byte % 62)
  }
  return text
}

/** CRC-32 (ISO 3309) in base 62, as GitHub's tokens have it. It protects nothing: it tells keys from other text. */
function checksum(text: string): string {
  let crc = 0xffffffff
  for (const letter of text) {
    crc ^= letter.charCodeAt(0)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  let rest = (crc ^ 0xffffffff) >>> 0
  let digits = ''
  for (let index = 0; index < CHECKSUM_LENGTH; index++) {
    digits = ALPHABET.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}
