import { decodeClientDataJSON } from '@simplewebauthn/server/helpers'
import type { Site } from './site.ts'

/** What a browser signs besides the authenticator's data: which challenge, and on whose page. */
export interface ClientData {
  readonly challenge: string
  readonly origin: string
}

/** Null if it can't be read, or was made on a page of another site: one in a frame of a foreign page too, which may hide what is clicked. */
export function readClientData({ isExpected }: Site, text: string): ClientData | null {
  try {
    const { challenge, origin, crossOrigin } = decodeClientDataJSON(text)
    if (typeof challenge !== 'string' || typeof origin !== 'string') return null
    return isExpected(origin) && crossOrigin !== true ? { challenge, origin } : null
  } catch {
    return null
  }
}
