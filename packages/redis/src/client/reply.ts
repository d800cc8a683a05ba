/** Texts come as strings, or as bytes if the app's client is set up so. */
export function readText(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : null
}

/** @throws TypeError if it isn't a list of texts */
export function requireTexts(reply: unknown): readonly string[] {
  const texts = Array.isArray(reply) ? reply.map(readText) : [null]
  if (!texts.every((text) => text !== null))
    throw new TypeError('Redis replied with something else than a list of texts')
  return texts
}
