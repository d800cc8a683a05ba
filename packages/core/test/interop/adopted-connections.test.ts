import { encode } from '@auth/core/jwt'
import { describe, expect, test } from 'vitest'
import { type Auth, memoryAdapter } from '../../src/index.ts'
import { makeAuth, openClock, ORIGIN, SECRET } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'

const NAME = 'authjs.session-token'
const RENEWAL = 301

/** An app in two instances without a shared bus, where Ann has an old cookie that Auth.js gave her. */
async function openApp() {
  const adapter = memoryAdapter()
  await adapter.createUser({ id: 'ann', name: 'Ann', email: 'ann@example.com' })
  const clock = openClock(new Date())
  const open = () =>
    makeAuth({ adapter, cookies: { session: { name: NAME } }, session: { strategy: 'jwt' }, clock: clock.read })
  const [here, elsewhere] = [open(), open()]
  const cookie = await encode({ token: { sub: 'ann', name: 'Ann' }, secret: SECRET, salt: NAME })
  const sessionId = (await here.getSession(new Request(ORIGIN, { headers: { cookie: `${NAME}=${cookie}` } })))
    ?.sessionId
  const signOutElsewhere = async () => {
    const browser = createBrowser(elsewhere)
    browser.cookies.set(NAME, cookie)
    expect((await browser.signOut()).status).toBe(200)
  }
  return { here, clock, cookie, sessionId, signOutElsewhere }
}

/** What a face would get for an operation whose response takes no cookie. */
function contextOf(
  auth: Auth,
  source: { readonly cookie?: string; readonly ticket?: string; readonly connection?: object },
) {
  const { cookie, ...connection } = source
  return auth.createContext({
    method: 'POST',
    header: (name) => ({ cookie: cookie && `${NAME}=${cookie}`, origin: ORIGIN })[name],
    response: { writability: () => 'none', setCookie: () => {}, noStore: () => {} },
    ...connection,
  })
}

describe("M31 C3 S13 another library's session, asked again and again where no cookie can be set", () => {
  test('is the same session over a socket, and ends with it', async () => {
    const { here, clock, cookie, sessionId, signOutElsewhere } = await openApp()
    const connection = {}
    for (let turn = 0; turn < 4; turn++) {
      clock.turn(RENEWAL)
      expect((await contextOf(here, { cookie, connection }).requireSession()).sessionId).toBe(sessionId)
      // A stream that begins: it and the socket share what is known of the session.
      const stop = await contextOf(here, { cookie, connection }).watch({ changed: () => {}, ended: () => {} })
      stop()
    }
    await signOutElsewhere()
    clock.turn(RENEWAL)
    await expect(contextOf(here, { cookie, connection }).requireSession()).rejects.toMatchObject({
      kind: 'SessionRevoked',
    })
  })

  test('is the same session with a ticket, and ends with it', async () => {
    const { here, clock, cookie, sessionId, signOutElsewhere } = await openApp()
    clock.turn(RENEWAL)
    const { ticket } = await contextOf(here, { cookie }).ticket()
    const connection = {}
    expect((await contextOf(here, { ticket, connection }).requireSession()).sessionId).toBe(sessionId)
    await signOutElsewhere()
    clock.turn(RENEWAL)
    await expect(contextOf(here, { ticket, connection }).requireSession()).rejects.toMatchObject({
      kind: 'SessionRevoked',
    })
  })
})
