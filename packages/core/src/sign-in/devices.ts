import type { Settings } from '../config/settings.ts'
import { isUntrusted } from '../errors.ts'
import { toSeconds } from '../internal/time.ts'
import { createKeyRing } from '../token/keys.ts'
import { openToken } from '../token/open.ts'
import { sealToken } from '../token/seal.ts'
import { toDeviceDigest, toKnownNameDigest } from './attempt-keys.ts'

/** A name under which somebody signs in, at a provider. */
export interface KnownName {
  readonly provider: string
  readonly name: string
}

/**
 * The sealed value that marks a device which signed in before: under which names, and an id for each under which its guesses are counted. It
 * authenticates nothing: a copy of it allows a few more guesses (OWASP, "device cookies").
 */
export interface Devices {
  /** The id of this device for this name; null: it isn't known. */
  readonly find: (sealed: string | null, name: KnownName) => Promise<string | null>
  /** The value after a sign-in under these names. @param address the client's, null if that isn't known */
  readonly remember: (sealed: string | null, names: readonly KnownName[], address: string | null) => Promise<string>
}

/** Seconds for which a device is known after a sign-in: 180 days. */
export const DEVICE_MAX_AGE: number = 180 * 24 * 60 * 60

/** A browser that more people share forgets whoever signed in longest ago. */
const MAX_NAMES = 5

const TYP = 'latchkey.device'

/** Digests, for the value may outlive the account; `ends` in Unix seconds. */
type Entry = readonly [name: string, device: string, ends: number]

export function createDevices(settings: Pick<Settings, 'secrets' | 'clock'>): Devices {
  const ring = createKeyRing(() => ({ secrets: settings.secrets, salt: TYP }))
  const nowInSeconds = () => toSeconds(settings.clock().getTime())
  const open = async (sealed: string | null): Promise<readonly Entry[]> => {
    if (sealed === null) return []
    try {
      const { names } = await openToken(ring, sealed, TYP)
      return (names as readonly Entry[]).filter(([, , ends]) => ends > nowInSeconds()) // nothing else is sealed under this key
    } catch (error) {
      if (isUntrusted(error)) return []
      throw error
    }
  }
  return {
    find: async (sealed, known) => {
      const entries = await open(sealed)
      if (entries.length === 0) return null
      const name = await toKnownNameDigest(known)
      return entries.find((entry) => entry[0] === name)?.[1] ?? null
    },
    remember: async (sealed, known, address) => {
      const ends = nowInSeconds() + DEVICE_MAX_AGE
      const before = await open(sealed)
      const digests = await Promise.all(known.map(toKnownNameDigest))
      const now = await Promise.all(
        digests.map(async (name): Promise<Entry> => {
          const same = before.find((entry) => entry[0] === name)
          return [name, same?.[1] ?? (await toDeviceDigest(name, address)), ends]
        }),
      )
      const others = before.filter(([name]) => !digests.includes(name))
      return sealToken(ring, { names: [...now, ...others].slice(0, MAX_NAMES) }, TYP)
    },
  }
}
