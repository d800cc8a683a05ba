import { readText } from '../client/reply.ts'

/** An entry of the stream. What somebody else has written there may have any fields. */
export interface Entry {
  readonly id: string
  readonly message: string | null
  /** The id of the entry before it. */
  readonly previous: string | null
  /** The `run_id` of the server that took it. */
  readonly run: string | null
}

/** Before the first entry. */
export const START = '0-0'

/** Reads the reply of `XREAD` for one stream. RESP2 has it as a list, RESP3 as a map; null: nothing came. */
export function parseEntries(reply: unknown): readonly Entry[] {
  const entries = findEntries(reply)
  return Array.isArray(entries) ? entries.map(parseEntry).filter((entry) => entry !== null) : []
}

function findEntries(reply: unknown): unknown {
  if (Array.isArray(reply)) return isPair(reply[0]) ? reply[0][1] : reply[1]
  if (reply instanceof Map) return [...reply.values()][0]
  return reply instanceof Object || typeof reply === 'object' ? Object.values(reply ?? {})[0] : null
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2
}

function parseEntry(value: unknown): Entry | null {
  if (!isPair(value)) return null
  const id = readText(value[0])
  if (id === null) return null
  const fields = readFields(value[1])
  const read = (name: string) => fields.get(name) ?? null
  return { id, message: read('m'), previous: read('p'), run: read('r') }
}

function readFields(value: unknown): ReadonlyMap<string, string | null> {
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  const fields = new Map<string, string | null>()
  for (let at = 0; at + 1 < list.length; at += 2) fields.set(readText(list[at]) ?? '', readText(list[at + 1]))
  return fields
}

/** When an entry was written, by the server's clock: milliseconds since the epoch. */
export function timeOf(id: string): number {
  return Number.parseInt(id, 10)
}
