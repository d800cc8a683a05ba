/** A Map from the oldest entry to the youngest, for lists that are bounded and forget their oldest entries first. */
export interface AgedMap<V> {
  readonly get: (key: string) => V | undefined
  readonly has: (key: string) => boolean
  /** The entry becomes the youngest. */
  readonly set: (key: string, value: V) => void
  /** @returns whether there was one */
  readonly delete: (key: string) => boolean
  /** Deletes the oldest entry again and again, until the test says no. */
  readonly dropOldest: (isDropped: (value: V, size: number, key: string) => boolean) => void
}

/** How many of the oldest entries are found at once. */
const BATCH = 1_000

/**
 * A new iterator over a Map walks over the place of every entry that was deleted since the Map last grew. In a full list of a million those
 * are as many, so the oldest entries are found a batch at a time.
 */
export function createAgedMap<V>(): AgedMap<V> {
  const entries = new Map<string, V>()
  /** The oldest of them, in their order. */
  const oldest = new Map<string, V>()
  const findOldest = () => {
    for (const [key, value] of entries) {
      oldest.set(key, value)
      if (oldest.size === BATCH) return
    }
  }
  return {
    get: (key) => entries.get(key),
    has: (key) => entries.has(key),
    set: (key, value) => {
      // Deleted first: a Map keeps a known key at its old place.
      if (entries.delete(key)) oldest.delete(key)
      entries.set(key, value)
    },
    delete: (key) => {
      oldest.delete(key)
      return entries.delete(key)
    },
    dropOldest: (isDropped) => {
      while (entries.size > 0) {
        if (oldest.size === 0) findOldest()
        for (const [key, value] of oldest) {
          if (!isDropped(value, entries.size, key)) return
          oldest.delete(key)
          entries.delete(key)
        }
      }
    },
  }
}
