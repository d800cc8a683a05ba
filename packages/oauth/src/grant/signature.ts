import {
  type JWKS,
  jwksCache,
  KEY_SELECTION,
  OperationProcessingError,
  validateApplicationLevelSignature,
} from 'oauth4webapi'
import type { Metadata } from '../server/discovery.ts'
import type { Server } from '../server/server.ts'

/**
 * Verifies the id_token's signature, though it came over TLS from the provider itself: one proxy in between that is configured badly would
 * otherwise be enough. A key that isn't known is looked for once more, for providers change their keys.
 *
 * @throws Error
 */
export async function verifySignature({ keys }: Server, metadata: Metadata, response: Response): Promise<void> {
  const { jwks_uri: url } = metadata
  if (typeof url !== 'string') throw new Error('the provider has no keys (jwks_uri)')
  const verify = (jwks: JWKS) =>
    // A copy: oauth4webapi keeps keys per object, by rules of its own.
    validateApplicationLevelSignature({ ...metadata }, response, {
      [jwksCache]: { jwks, uat: Math.floor(Date.now() / 1_000) },
    })
  try {
    await verify(await keys.get(url))
  } catch (error) {
    const isUnknown = error instanceof OperationProcessingError && error.code === KEY_SELECTION
    const renewed = isUnknown ? await keys.renew(url) : null
    if (!renewed) throw error
    await verify(renewed)
  }
}
