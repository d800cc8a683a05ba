import { type Call, createRandomText } from '@latchkey/core'
import type { Shared } from '../shared.ts'
import { type Flow, FLOW_LIFE } from './flow.ts'

/** As many flows may be under way in one browser, each in a tab of its own. */
const MAX_FLOWS = 5
/** Characters of all their cookies: a browser sends them with each request, and servers read no more than 16 KiB of headers (Node's limit). */
const MAX_LENGTH = 7_000
/** Begins the names of their cookies. */
const PREFIX = 'flow-'
const PURPOSE = 'flow'

/** Names a flow: when it began, so that the oldest is known, and something random. It begins the flow's state and ends its cookie's name. */
export function createFlowId(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1_000)
  return `${seconds.toString(36).padStart(7, '0')}-${createRandomText(6)}`
}

/** The id in a state; null if it is no state of ours. */
export function readFlowId(state: string): string | null {
  return /^([\da-z]{7,9}-[\w-]{8})\./.exec(state)?.[1] ?? null
}

/** Keeps a flow in a cookie of its own. The oldest flows make room for it. */
export async function keepFlow({ engine }: Shared, call: Call, id: string, flow: Flow): Promise<void> {
  const value = await engine.seal(PURPOSE, { ...flow }, FLOW_LIFE)
  for (const old of findOldest(call, value.length)) dropFlow(call, old)
  call.setCookie(PREFIX + id, value, { maxAge: FLOW_LIFE })
}

export async function openFlow({ engine }: Shared, call: Call, id: string): Promise<Flow | null> {
  const value = call.cookie(PREFIX + id)
  // Nothing else is sealed for this purpose.
  return value === null ? null : ((await engine.unseal(PURPOSE, value)) as Flow | null)
}

export function dropFlow(call: Call, id: string): void {
  call.setCookie(PREFIX + id, '', { maxAge: 0 })
}

/** The flows of this browser that a new one of this length leaves no room for. */
function findOldest(call: Call, added: number): readonly string[] {
  let [flows, length] = [1, added]
  return listFlows(call)
    .filter((flow) => {
      flows += 1
      length += flow.length
      return flows > MAX_FLOWS || length > MAX_LENGTH
    })
    .map(({ id }) => id)
}

/** The flows of this browser, newest first, with the length of their cookies. */
function listFlows(call: Call): readonly { readonly id: string; readonly length: number }[] {
  const header = call.header('cookie') ?? ''
  const found = header.matchAll(/latchkey\.oauth\.flow-([\da-z]{7,9}-[\w-]{8})=[^;]*/g)
  const lengths = new Map([...found].map(([cookie, id = '']) => [id, cookie.length]))
  return [...lengths].map(([id, length]) => ({ id, length })).toSorted((a, b) => (a.id < b.id ? 1 : -1))
}
