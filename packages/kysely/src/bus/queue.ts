/** A message that waits to be sent. */
export interface Waiting {
  readonly message: string
  /** By `performance.now()`. */
  readonly addedAt: number
  readonly done: () => void
  readonly drop: (reason: Error) => void
}

/** How much is sent at once. */
export interface BatchSize {
  readonly messages: number
  readonly characters: number
}

/** Messages in the order of their age, with a limit to how many. */
export interface Queue {
  readonly isEmpty: () => boolean
  readonly add: (waiting: Waiting) => void
  /** Takes the oldest, at least one. */
  readonly takeBatch: (size: BatchSize) => readonly Waiting[]
  readonly putBack: (batch: readonly Waiting[]) => void
  /** Takes those that are beyond the limit. */
  readonly takeExcess: () => readonly Waiting[]
  /** Takes those that were added before this moment. */
  readonly takeOlder: (moment: number) => readonly Waiting[]
  readonly takeAll: () => readonly Waiting[]
}

/** Beyond it the oldest go. Of usual messages these are 5 MB. */
const MAX_MESSAGES = 10_000
const MAX_CHARACTERS = 16_000_000

export function createQueue(): Queue {
  const items: Waiting[] = []
  let characters = 0
  /** Takes items from the front as long as they are meant. */
  const takeWhile = (isMeant: (item: Waiting, index: number) => boolean) => {
    const end = items.findIndex((item, index) => !isMeant(item, index))
    const taken = items.splice(0, end < 0 ? items.length : end)
    characters -= lengthOf(taken)
    return taken
  }
  return {
    isEmpty: () => items.length === 0,
    add: (item) => {
      items.push(item)
      characters += item.message.length
    },
    takeBatch: (size) => {
      let length = 0
      return takeWhile(({ message }, index) => {
        length += message.length
        return index === 0 || (index < size.messages && length <= size.characters)
      })
    },
    putBack: (batch) => {
      items.unshift(...batch)
      characters += lengthOf(batch)
    },
    takeExcess: () => {
      let [left, length] = [items.length, characters]
      return takeWhile(({ message }) => {
        if (left <= MAX_MESSAGES && length <= MAX_CHARACTERS) return false
        left--
        length -= message.length
        return true
      })
    },
    takeOlder: (moment) => takeWhile(({ addedAt }) => addedAt < moment),
    takeAll: () => takeWhile(() => true),
  }
}

function lengthOf(items: readonly Waiting[]): number {
  return items.reduce((sum, { message }) => sum + message.length, 0)
}
