import { initTRPC } from '@trpc/server'
import type { AuthRouterContext } from '@latchkey/trpc'
import { describe, expect, test } from 'vitest'
import { openEngine, ORIGIN } from './support/app.ts'
import { ADAPTER_NAMES, ADAPTERS } from './support/server.ts'

const DAY = 86_400_000

/** An app with a call that looks at its session and then takes its time, while the renewed cookie waits for the headers to leave. */
async function openApp(adapter: (typeof ADAPTER_NAMES)[number]) {
  const engine = await openEngine({ strategy: 'jwt' })
  let reached = () => {}
  let release = () => {}
  const isReached = new Promise<void>((resolve) => (reached = resolve))
  const released = new Promise<void>((resolve) => (release = resolve))
  const t = initTRPC.context<AuthRouterContext>().create()
  const router = t.router({
    auth: engine.kit.authRouter,
    slow: t.procedure.query(async ({ ctx }) => {
      const session = await ctx.auth.session()
      reached()
      await released
      return session?.user.id ?? null
    }),
  })
  const url = await ADAPTERS[adapter]({ router, createContext: (from) => engine.kit.authContext(from) })
  const call = (path: string, cookie: string, input?: object) =>
    fetch(`${url}/${path}`, {
      method: input ? 'POST' : 'GET',
      headers: { cookie, origin: ORIGIN, 'content-type': 'application/json' },
      body: input ? JSON.stringify(input) : null,
    })
  const signedIn = await call('auth.signIn', '', { provider: 'credentials', name: 'ada', password: 'right' })
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  engine.pass(DAY)
  return { call, cookie, isReached, release }
}

describe.each(ADAPTER_NAMES)('M07 S15 a cookie that waits for the headers to leave, %s', (adapter) => {
  test('is sent where nothing comes between', async () => {
    const { call, cookie, release } = await openApp(adapter)
    release()
    const response = await call('slow', cookie)
    expect(await response.json()).toEqual({ result: { data: 'ada' } })
    expect(response.headers.getSetCookie()).toHaveLength(1)
  })

  test('is not sent once its session was signed out', async () => {
    const { call, cookie, isReached, release } = await openApp(adapter)
    const slow = call('slow', cookie)
    await isReached
    expect((await call('auth.signOut', cookie, {})).status).toBe(200)
    release()
    const response = await slow
    expect(await response.json()).toEqual({ result: { data: 'ada' } })
    expect(response.headers.getSetCookie()).toEqual([])
  })

  test('nor once updateSession has decided otherwise', async () => {
    const { call, cookie, isReached, release } = await openApp(adapter)
    const slow = call('slow', cookie)
    await isReached
    expect((await call('auth.updateSession', cookie, { orgId: 'acme' })).headers.getSetCookie()).toHaveLength(1)
    release()
    expect((await slow).headers.getSetCookie()).toEqual([])
  })
})
