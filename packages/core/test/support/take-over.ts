import { z } from 'zod'
import { memoryAdapter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { makeAuth, openClock, openLog } from './auth.ts'
import { createBrowser } from './browser.ts'
import { type Library, openOldApp } from './old-app.ts'

/** Over the time after which a token is renewed. Seconds. */
export const RENEWAL = 301

/** An app that takes over the sessions of another one, where Ann has an account. Open it a second time for another instance. */
export async function openTakingOver(from: Library, write: 'theirs' | 'ours', options: Partial<AnyOptions> = {}) {
  const adapter = memoryAdapter()
  for (const id of ['ann', 'bob']) await adapter.createUser({ id, name: id, email: `${id}@example.com` })
  const clock = openClock(new Date())
  const log = openLog()
  const open = (more: Partial<AnyOptions> = {}) =>
    makeAuth({
      adapter,
      cookies: { takeOver: { from, write } },
      claims: { org: z.string() },
      update: z.object({ org: z.string() }),
      session: { strategy: 'jwt' },
      clock: clock.read,
      logger: log.logger,
      ...options,
      ...more,
    })
  const auth = open()
  const old = openOldApp(from, clock.seconds)
  const visit = (cookies: Readonly<Record<string, string>> = {}, instance = auth) => {
    const browser = createBrowser(instance)
    for (const [name, value] of Object.entries(cookies)) browser.cookies.set(name, value)
    return browser
  }
  const rows = (userId = 'ann') => adapter.listSessions({ userId, now: clock.read() })
  return { adapter, clock, log, open, auth, old, visit, rows }
}

/** What the browser of somebody who is signed in there has. */
export function inChunks(name: string, value: string, size = 3_933): Record<string, string> {
  if (value.length <= size) return { [name]: value }
  const count = Math.ceil(value.length / size)
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${name}.${index}`, value.slice(index * size, (index + 1) * size)]),
  )
}

/** The value of a cookie that a browser has, put together from its parts. */
export function join(cookies: ReadonlyMap<string, string>, name: string): string {
  const whole = cookies.get(name)
  if (whole !== undefined) return whole
  let value = ''
  for (let index = 0; cookies.has(`${name}.${index}`); index++) value += cookies.get(`${name}.${index}`)
  return value
}
