import { afterEach, describe, expect, test, vi } from 'vitest'
import { memoryAdapter, type SessionAdapter } from '../../src/index.ts'
import { COOKIE } from '../support/auth.ts'
import { openScene, STRATEGIES, under } from '../support/scene.ts'

/** Not what async functions return, as a library's own that an app has put in the place of the global one. */
class OtherPromise<T> extends Promise<T> {}

afterEach(() => vi.unstubAllGlobals())

describe.each(STRATEGIES)('in an app that has put another Promise in the place of the global one (%s)', (strategy) => {
  test('a session is found, one that has ended is refused, and nothing counts as one that is none', async () => {
    let isDown = false
    const rows = memoryAdapter()
    const getSessionAndUser: SessionAdapter['getSessionAndUser'] = async (token) => {
      if (isDown) throw new Error('the store is down')
      return rows.getSessionAndUser(token)
    }
    const adapter = { ...rows, getSessionAndUser }
    const { auth, browser, context } = openScene({ ...under(strategy), adapter, tokenCache: false })
    await browser.signIn()
    const cookie = browser.cookies.get(COOKIE)
    vi.stubGlobal('Promise', OtherPromise)
    expect(Promise.resolve()).toBeInstanceOf(OtherPromise)
    expect((async () => {})()).not.toBeInstanceOf(OtherPromise)

    const { user } = await context(cookie).ctx.requireSession()
    expect((await context(cookie).ctx.session())?.user.id).toBe(user.id)
    expect((await context(cookie).ctx.caller())?.user.id).toBe(user.id)
    await expect(context(undefined).ctx.requireSession()).rejects.toMatchObject({ kind: 'SessionRequired' })

    await auth.revokeSessions(user.id)
    await expect(context(cookie).ctx.requireSession()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    await expect(context(cookie).ctx.requireCaller()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    expect(await context(cookie).ctx.session()).toBeNull()

    if (strategy === 'jwt') return
    isDown = true
    await expect(context(cookie).ctx.requireSession()).rejects.toMatchObject({ kind: 'AdapterError' })
  })
})
