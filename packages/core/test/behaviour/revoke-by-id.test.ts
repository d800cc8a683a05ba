import { describe, expect, test } from 'vitest'
import { type Auth, memoryAdapter } from '../../src/index.ts'
import { COOKIE, makeAuth, openClock, ORIGIN } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'
import { createNative } from '../support/native.ts'

type Headers = Readonly<Record<string, string>>

/** What a face would get for a request with these headers. */
function contextOf(auth: Auth, headers: Headers) {
  return auth.createContext({
    method: 'POST',
    header: (name) => ({ origin: ORIGIN, ...headers })[name],
    response: { writability: () => 'writable', setCookie: () => {}, noStore: () => {} },
  })
}

const CREDENTIALS: readonly { readonly via: string; readonly steal: (auth: Auth) => Promise<Headers> }[] = [
  {
    via: 'cookie',
    steal: async (auth) => {
      const browser = createBrowser(auth)
      await browser.signIn()
      return { cookie: `${COOKIE}=${browser.cookies.get(COOKIE)}` }
    },
  },
  {
    via: 'access token',
    steal: async (auth) => {
      const native = createNative(auth)
      return native.bearer((await native.signIn()).accessToken)
    },
  },
]

describe.each(['jwt', 'database'] as const)(
  'M31 M05 revoking a session by its id under the %s strategy',
  (strategy) => {
    test.each(CREDENTIALS)('takes a session that has not ended itself ($via)', async ({ steal }) => {
      const adapter = memoryAdapter()
      const clock = openClock()
      const open = () => makeAuth({ adapter, session: { strategy }, tokens: { enabled: true }, clock: clock.read })
      // Two instances that don't hear each other.
      const [here, elsewhere] = [open(), open()]
      const copy = await steal(here)
      const [phone, tablet] = [createBrowser(elsewhere), createBrowser(elsewhere)]
      await phone.signIn()
      await tablet.signIn()
      const own = (await contextOf(here, copy).requireSession()).sessionId
      const [first, second] = (await contextOf(here, copy).sessions.list())
        .map(({ id }) => id)
        .filter((id) => id !== own)

      await contextOf(here, copy).sessions.revoke({ id: first ?? '' })
      await adapter.revokeSession({ id: own, userId: 'ann', now: clock.read() })
      await expect(contextOf(here, copy).sessions.revoke({ id: second ?? '' })).rejects.toMatchObject({
        kind: 'SessionRevoked',
      })
      const left = await adapter.listSessions({ userId: 'ann', now: clock.read() })
      expect(left.map(({ id }) => id)).toEqual([second])
    })
  },
)
