import type { Engine } from '../config/engine.ts'
import type { PluginEngine } from '../contract/plugin.ts'
import { isUntrusted } from '../errors.ts'
import { isPlainObject } from '../internal/json.ts'
import { toSeconds } from '../internal/time.ts'
import { MAX_TOKEN_LENGTH } from '../token/jwe.ts'
import { createKeyRing, type KeyRing } from '../token/keys.ts'
import { openToken } from '../token/open.ts'
import { sealToken } from '../token/seal.ts'

const TYP = 'latchkey.plugin'

/** `seal` and `unseal` of one plug-in: each purpose has a key of its own, so that nothing opens anywhere else. */
export function createSeals({ settings }: Engine, plugin: string): Pick<PluginEngine, 'seal' | 'unseal'> {
  const rings = new Map<string, KeyRing>()
  const ringOf = (purpose: string): KeyRing => {
    const known = rings.get(purpose)
    if (known) return known
    // An id has no colon, so that two plug-ins can't have the same salt.
    const ring = createKeyRing(() => ({ secrets: settings.secrets, salt: `${TYP}:${plugin}:${purpose}` }))
    rings.set(purpose, ring)
    return ring
  }
  return {
    seal: async (purpose, value, maxAge) => {
      const ends = toSeconds(settings.clock().getTime()) + maxAge
      const text = await sealToken(ringOf(purpose), { value, ends }, TYP)
      if (text.length > MAX_TOKEN_LENGTH)
        throw new TypeError(`seal: the value of "${purpose}" is too large to open again`)
      return text
    },
    unseal: async (purpose, text) => {
      try {
        const { value, ends } = await openToken(ringOf(purpose), text, TYP)
        const hasEnded = typeof ends !== 'number' || ends * 1_000 <= settings.clock().getTime()
        return hasEnded || !isPlainObject(value) ? null : value
      } catch (error) {
        if (isUntrusted(error)) return null
        throw error
      }
    },
  }
}
