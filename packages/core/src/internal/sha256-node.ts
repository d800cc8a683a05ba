import { createHash } from 'node:crypto'
import type { Awaitable } from '../types.ts'

/** SHA-256 of a text, on this thread: the row of a database session is looked up by it on every request. */
export function sha256(text: string): Awaitable<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(createHash('sha256').update(text).digest())
}
