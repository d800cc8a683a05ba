/** SHA-256 in base64url: what a row has instead of a session's token. */
export async function hashToken(token: string): Promise<string> {
  return toBase64Url(await digest(token))
}

/** The public id of a session that another library began: a UUID made from its hash, so that every instance gives it the same. */
export async function toSessionId(sessionToken: string): Promise<string> {
  const bytes = (await digest(`taken-over:${sessionToken}`)).slice(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40 // RFC 9562 section 5.4: version 4
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
