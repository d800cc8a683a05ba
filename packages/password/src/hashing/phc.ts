/** A hash in the PHC string format: `$<id>$<parameters>$<salt>$<hash>`, salt and hash in base64 without padding. */
export interface PhcHash {
  readonly id: string
  readonly parameters: Readonly<Record<string, number>>
  readonly salt: Uint8Array<ArrayBuffer>
  readonly hash: Uint8Array<ArrayBuffer>
}

export function formatPhc({ id, parameters, salt, hash }: PhcHash): string {
  const list = Object.entries(parameters).map(([name, value]) => `${name}=${value}`)
  return `$${id}$${list.join(',')}$${toBase64(salt)}$${toBase64(hash)}`
}

const FORM =
  /^\$([a-z0-9-]{1,32})\$((?:[a-z]{1,4}=\d{1,9})(?:,[a-z]{1,4}=\d{1,9}){0,4})\$([\w+/]{11,128})\$([\w+/]{22,256})$/

/** Null for any text that isn't a PHC string with parameters, a salt and a hash. */
export function parsePhc(text: string): PhcHash | null {
  const [, id, list, salt, hash] = FORM.exec(text) ?? []
  if (id === undefined || list === undefined || salt === undefined || hash === undefined) return null
  const pairs = list.split(',').map((pair) => pair.split('='))
  const parameters = Object.fromEntries(pairs.map(([name, value]) => [name, Number(value)]))
  const [saltBytes, hashBytes] = [fromBase64(salt), fromBase64(hash)]
  return saltBytes && hashBytes && { id, parameters, salt: saltBytes, hash: hashBytes }
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll('=', '')
}

/** Standard base64, padded or not; null if it is anything else. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  } catch {
    return null
  }
}
