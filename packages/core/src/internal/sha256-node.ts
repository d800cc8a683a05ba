import { createHash } from 'node:crypto'

/** SHA-256 of a text, on this thread: the row of a database session is looked up by it on every request. */
export function sha256(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(text).digest())
}
