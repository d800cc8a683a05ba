import type { Identity } from '../contract/identity.ts'
import { isPlainObject } from '../internal/json.ts'
import type { Sent, SessionEvent } from './event.ts'

/** How many ends one message names: some channels carry 8,000 bytes and no more. */
const MAX_IDS = 100

/** An event as it goes to other instances: in several parts if it names many sessions. */
export function toParts(event: SessionEvent): readonly SessionEvent[] {
  if (event.type === 'changed') return [{ ...event, identity: toSent(event.identity) }]
  const parts: SessionEvent[] = []
  for (let start = 0; start < event.sessionIds.length; start += MAX_IDS) {
    parts.push({ ...event, sessionIds: event.sessionIds.slice(start, start + MAX_IDS) })
  }
  return parts
}

/** Claims of a row don't travel: an instance that gets the event reads the row. */
function toSent(identity: Identity | null): Identity | null {
  return identity?.strategy === 'database' ? null : identity
}

export function writeMessage(event: SessionEvent, sent: Sent): string {
  return JSON.stringify({ ...event, sent })
}

/** Reads what was sealed. null: this release doesn't know it. */
export function parseMessage(text: string): (SessionEvent & { readonly sent: Sent }) | null {
  const message = parseJson(text)
  if (!isPlainObject(message)) return null
  const { type, sessionIds, sessionId, identity, replaces } = message
  const sent = readSent(message.sent)
  if (!sent) return null
  if (type === 'revoked') return isTexts(sessionIds) ? { type, sessionIds, sent } : null
  if (type !== 'changed' || typeof sessionId !== 'string') return null
  const read = readIdentity(identity)
  if (read === undefined) return null
  return { type, sessionId, identity: read, ...(typeof replaces === 'string' && { replaces }), sent }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function readSent(value: unknown): Sent | null {
  if (!isPlainObject(value)) return null
  const { from, number, at } = value
  const isSent = typeof from === 'string' && typeof number === 'number' && typeof at === 'number'
  return isSent ? { from, number, at } : null
}

function isTexts(list: unknown): list is readonly string[] {
  return Array.isArray(list) && list.every((item) => typeof item === 'string')
}

/** Dates are dates again. undefined: it is none. */
function readIdentity(value: unknown): Identity | null | undefined {
  if (value === null) return null
  if (!isPlainObject(value) || !isPlainObject(value.token)) return undefined
  const [expires, startedAt] = [new Date(String(value.expires)), new Date(String(value.startedAt))]
  if (Number.isNaN(expires.getTime()) || Number.isNaN(startedAt.getTime())) return undefined
  // An engine with the same secret has sealed it, of the same version.
  return { ...(value as unknown as Identity), expires, startedAt }
}
