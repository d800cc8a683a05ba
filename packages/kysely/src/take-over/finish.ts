import type { Row } from '@latchkey/core'
import { endSession } from './end-sessions.ts'
import { hashToken } from './hash.ts'
import type { LinkSpec } from './links.ts'
import type { Shared } from './shared.ts'
import { takeOverFound } from './take-over-session.ts'

/** What {@link TakeOver.finish} did with sessions. */
export interface FinishResult {
  /** How many sessions live on with nothing but their hash. */
  readonly sessions: number
  /** How many had ended in the old table, and have ended here now. */
  readonly ended: number
}

const BATCH = 500

/**
 * Leaves nothing of a session but its hash: takes over what hasn't been, ends what has ended in the old table, and deletes the old rows.
 * Can be run again if it was cut off.
 */
export async function finishSessions(shared: Shared): Promise<FinishResult> {
  await takeOverRest(shared)
  const result: Counts = { sessions: 0, ended: 0 }
  for (;;) {
    const page = await shared.links.list({ limit: BATCH })
    if (page.length === 0) break
    for (const link of page) await finishLink(shared, link, result)
  }
  await deleteRest(shared, result)
  return result
}

async function takeOverRest(shared: Shared): Promise<void> {
  let after: string | null = null
  for (;;) {
    const page = await shared.sessions.page(after, BATCH)
    for (const session of page) await takeOverFound(shared, session)
    after = page.at(-1)?.token ?? null
    if (after === null) return
  }
}

/** The link goes before the row: a look-up in between must not take the row's absence for a sign-out. */
async function finishLink(
  shared: Shared,
  { hash, session: id, user: userId, token }: Row<LinkSpec>,
  result: Counts,
): Promise<void> {
  const theirs = await shared.sessions.byToken(token)
  if (theirs) {
    await shared.setExpires(hash, theirs.expires)
    result.sessions++
  } else {
    await endSession(shared, { id, userId }, new Date())
    result.ended++
  }
  await shared.links.remove({ hash })
  if (theirs) await shared.sessions.remove(token)
}

/** What has expired or has no user goes; a session that has begun meanwhile has a link. */
async function deleteRest(shared: Shared, result: Counts): Promise<void> {
  for (;;) {
    const page = await shared.sessions.page(null, BATCH)
    if (page.length === 0) return
    for (const { token } of page) {
      const link = await shared.links.get({ hash: await hashToken(token) })
      if (link) await finishLink(shared, link, result)
      else await shared.sessions.remove(token)
    }
  }
}

type Counts = { -readonly [K in keyof FinishResult]: FinishResult[K] }
