/** Events in the order of their time, which none of them takes any of. Milliseconds. */
export interface Timeline {
  readonly now: () => number
  readonly at: (time: number, run: () => void | Promise<void>) => void
  /** Runs everything that is due, and what it brings about. */
  readonly play: () => Promise<void>
}

interface Entry {
  readonly time: number
  readonly order: number
  readonly run: () => void | Promise<void>
}

export function createTimeline(): Timeline {
  const heap: Entry[] = []
  let now = 0
  let order = 0
  return {
    now: () => now,
    at: (time, run) => push(heap, { time: Math.max(time, now), order: order++, run }),
    play: async () => {
      for (let entry = pop(heap); entry; entry = pop(heap)) {
        now = entry.time
        const done = entry.run()
        if (done) await done
      }
    },
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order)
}

/** A binary heap: the earliest is first. */
function push(heap: Entry[], entry: Entry): void {
  let at = heap.push(entry) - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = heap[parent]
    if (!above || !isBefore(entry, above)) break
    heap[at] = above
    at = parent
  }
  heap[at] = entry
}

function pop(heap: Entry[]): Entry | undefined {
  const [first] = heap
  const last = heap.pop()
  if (!first || !last || heap.length === 0) return first
  let at = 0
  for (;;) {
    const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]]
    const child = left && right && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1
    const below = heap[child]
    if (!below || !isBefore(below, last)) break
    heap[at] = below
    at = child
  }
  heap[at] = last
  return first
}
