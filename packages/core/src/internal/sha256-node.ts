import crypto from 'node:crypto'
import type { Awaitable } from './types.ts'

const { createHash, hash } = crypto

/** SHA-256 of a text in base64url, on this thread: the row of a database session is looked up by it on every request. */
export const sha256: (text: string) => Awaitable<string> =
  // In one call it costs a third; not every runtime that has `createHash` has that.
  typeof hash === 'function'
    ? (text) => hash('sha256', text, 'base64url')
    : (text) => createHash('sha256').update(text).digest('base64url')
