import { type Call, createRandomText, parseEmailAddress, type UserRow } from '@latchkey/core'
import type { Forgot } from '../input.ts'
import { limitMail } from '../mail/limit.ts'
import { createLink } from '../mail/link.ts'
import type { Shared } from '../shared.ts'
import type { Sent } from '../types.ts'

/** @throws AuthError `RateLimited` */
export async function forgot(shared: Shared, call: Call, { email }: Forgot): Promise<Sent> {
  const { settings, engine, inBackground } = shared
  await limitMail(call, settings.limits, { what: 'forgot', email })
  const user = await engine.store.getUserByEmail(email)
  // What only an account needs is done after the response.
  inBackground('the mail of a reset failed', async () => {
    if (user && isSameAddress(user, email)) await sendLink(shared, user, email)
  })
  return { status: 'sent' }
}

/** A database may find other spellings too, with an accent for one: that is another mailbox, and must not get the link. */
function isSameAddress(user: UserRow, email: string): boolean {
  return parseEmailAddress(user.email ?? '') === email
}

async function sendLink({ tables, engine, settings }: Shared, { id: user }: UserRow, to: string): Promise<void> {
  const { resetMaxAge, pages, send } = settings
  const token = createRandomText()
  const expires = new Date(engine.clock().getTime() + resetMaxAge)
  await tables.resets.insert({ digest: await engine.hash(token), user, email: to, expires })
  const url = createLink(engine.baseUrl, pages.reset, token)
  await send?.({ type: 'resetPassword', to, url, token, expiresIn: Math.floor(resetMaxAge / 1_000) })
}
