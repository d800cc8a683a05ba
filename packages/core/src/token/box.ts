import type { Awaitable } from '../internal/types.ts'

/**
 * Seals texts for readers who have the same secret: AES-256-GCM under a key that HKDF-SHA256 derives for one purpose (RFC 5869). A sealed text
 * is base64url of a nonce, the ciphertext and its tag.
 */
export interface Box {
  /** Seals with the first secret. */
  readonly seal: (text: string) => Awaitable<string>
  /** The text, or null: none of the secrets has sealed it for this purpose, or a bit of it was changed. Never throws. */
  readonly open: (sealed: string) => Awaitable<string | null>
}

/** What RFC 5116 section 5.1 calls N_MIN and the length of the tag. Bytes. */
export const NONCE_BYTES = 12
export const TAG_BYTES = 16
