/** A message that waits to be sent. */
export interface Letter {
  readonly message: string
  /** When it was handed in. */
  readonly at: number
  readonly sent: () => void
  readonly dropped: (cause: Error) => void
}

/** Letters in order, bounded: the oldest ones are dropped. */
export interface Queue {
  readonly isEmpty: () => boolean
  readonly add: (letter: Letter) => void
  /** Takes the next ones out. */
  readonly take: () => readonly Letter[]
  /** Puts some before all others. */
  readonly putBack: (letters: readonly Letter[]) => void
  /** Drops those that were handed in before this. */
  readonly dropBefore: (moment: number, cause: Error) => void
}

/** How many messages wait at most. */
const MAX_WAITING = 10_000
/** Characters of all that wait. */
const MAX_LENGTH = 16_000_000
/** What is sent at once: messages, and about so many characters. */
const BATCH = { messages: 100, length: 200_000 }

export function createQueue(): Queue {
  let letters: Letter[] = []
  let length = 0
  const isTooMuch = () => letters.length > MAX_WAITING || length > MAX_LENGTH
  const dropFirst = (cause: Error) => {
    const letter = letters.shift()
    length -= letter?.message.length ?? 0
    letter?.dropped(cause)
  }
  return {
    isEmpty: () => letters.length === 0,
    add: (letter) => {
      letters.push(letter)
      length += letter.message.length
      while (isTooMuch()) dropFirst(new Error('redisBus: too many messages wait for Redis: the oldest one is dropped'))
    },
    take: () => {
      const batch = firstOf(letters)
      letters = letters.slice(batch.length)
      length -= lengthOf(batch)
      return batch
    },
    putBack: (batch) => {
      letters = [...batch, ...letters]
      length += lengthOf(batch)
    },
    dropBefore: (moment, cause) => {
      while (letters[0] && letters[0].at < moment) dropFirst(cause)
    },
  }
}

function firstOf(letters: readonly Letter[]): readonly Letter[] {
  const batch: Letter[] = []
  let length = 0
  for (const letter of letters) {
    length += letter.message.length
    if (batch.length === BATCH.messages || (batch.length > 0 && length > BATCH.length)) break
    batch.push(letter)
  }
  return batch
}

function lengthOf(letters: readonly Letter[]): number {
  return letters.reduce((sum, { message }) => sum + message.length, 0)
}
