/** PostgreSQL takes less than 8,000 bytes for a notification. */
const MAX_BYTES = 7_999
/** Bytes of a message in one part: 7,800 characters of base64url. */
const PART_BYTES = 5_850
const MAX_PARTS = 64
/** How many incomplete messages are remembered. The parts of one come in a row, so there is one at most, unless somebody else writes. */
const MAX_INCOMPLETE = 4

/** Engines send nothing of version 0, and ignore it. */
const RESERVED = '0.'
const PLAIN = /^[\x20-\x7e]*$/
const PART = /^0\.part-([\da-f-]{36})-(\d{1,2})-(\d{1,2})-([\w-]+)$/

/** @throws TypeError for a message of more than 374,400 bytes */
export function requireSendable(message: string): void {
  // Most bytes that a character takes.
  if (message.length * 3 <= MAX_PARTS * PART_BYTES) return
  if (new TextEncoder().encode(message).length > MAX_PARTS * PART_BYTES)
    throw new TypeError(`message: must have at most ${MAX_PARTS * PART_BYTES} bytes`)
}

/** A message as notifications: itself if it fits into one, else in parts. */
export function toPayloads(message: string): readonly string[] {
  if (message.length <= MAX_BYTES && PLAIN.test(message) && !message.startsWith(RESERVED)) return [message]
  const bytes = new TextEncoder().encode(message)
  const count = Math.max(1, Math.ceil(bytes.length / PART_BYTES))
  const id = crypto.randomUUID()
  return Array.from({ length: count }, (_, index) => {
    const part = bytes.subarray(index * PART_BYTES, (index + 1) * PART_BYTES)
    return `${RESERVED}part-${id}-${index}-${count}-${encode(part)}`
  })
}

/** Puts notifications together again. null: there is nothing to deliver (yet). */
export function createReader(): (payload: string) => string | null {
  const incomplete = new Map<string, string[]>()
  return (payload) => {
    if (!payload.startsWith(RESERVED)) return payload
    const [, id = '', index, count, text = ''] = PART.exec(payload) ?? []
    if (!id || !isIndex(Number(index), Number(count))) return null
    const parts = incomplete.get(id) ?? []
    parts[Number(index)] = text
    incomplete.delete(id)
    // Holes aren't counted.
    if (Object.keys(parts).length === Number(count)) return join(parts)
    incomplete.set(id, parts)
    const [oldest] = incomplete.keys()
    if (incomplete.size > MAX_INCOMPLETE && oldest !== undefined) incomplete.delete(oldest)
    return null
  }
}

function isIndex(index: number, count: number): boolean {
  return count <= MAX_PARTS && index < count
}

function encode(bytes: Uint8Array): string {
  const binary = String.fromCharCode(...bytes)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** null: it is no text that was sent in parts. */
function join(parts: readonly string[]): string | null {
  try {
    const binary = parts.map((part) => atob(part.replaceAll('-', '+').replaceAll('_', '/'))).join('')
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(binary, (letter) => letter.charCodeAt(0)),
    )
  } catch {
    return null
  }
}
