import type { Auth } from '../../src/index.ts'
import { COOKIE, ORIGIN } from './auth.ts'
import type { Browser } from './browser.ts'

/** Follows the session of a browser, as a stream does: the sessions that it is told of, and the kind of its end. */
export async function follow(auth: Auth, { cookies }: Browser) {
  const cookie = `${COOKIE}=${cookies.get(COOKIE)}`
  const context = auth.createContext({
    method: 'GET',
    header: (name) => ({ cookie, origin: ORIGIN })[name],
    response: { writability: () => 'none', setCookie: () => {}, noStore: () => {} },
  })
  const claims: unknown[] = []
  let finish: (kind: string) => void = () => {}
  const over = new Promise<string>((resolve) => (finish = resolve))
  const stop = await context.watch({
    changed: () => {},
    session: (session) => void claims.push(session.claims),
    ended: ({ kind }) => finish(kind),
  })
  return { claims, over, stop }
}
