import { describe, expect, test } from 'vitest'
import { createTokenStore, type SessionChange } from '../src/index.ts'
import { openApp } from './support/app.ts'
import { openClient } from './support/clients.ts'
import { openCookieJar } from './support/cookie-jar.ts'
import { signIn } from './support/session.ts'

const LATER = 16 * 60_000

type Change = SessionChange<{ readonly user: { readonly id: string }; readonly claims: { readonly org?: string } }>

function collect() {
  const changes: Change[] = []
  return { changes, onSessionChange: (change: SessionChange<unknown>) => void changes.push(change as Change) }
}

describe('with a token store', () => {
  test('T3: signing in asks for tokens, keeps them, and tells who it is', async () => {
    const app = await openApp()
    const { changes, onSessionChange } = collect()
    const { trpc, auth } = openClient(app, 'httpBatchStreamLink', { onSessionChange })
    const result = await signIn(trpc)
    if (result.status !== 'tokens') throw new Error(result.status)
    expect((await auth.tokens())?.accessToken).toBe(result.accessToken)
    expect(changes).toMatchObject([{ reason: 'signIn', elsewhere: false, session: { user: { id: 'ann' } } }])
    expect(changes[0]?.session).toEqual(result.session)
  })

  test('T3: an explicit flow: cookie stays one', async () => {
    const app = await openApp()
    const { trpc, auth } = openClient(app, 'httpLink')
    const result = await trpc.auth.signIn.mutate({
      provider: 'credentials',
      name: 'ann',
      password: 'right',
      flow: 'cookie',
    })
    expect(result.status).toBe('signedIn')
    expect(await auth.tokens()).toBeNull()
  })

  test('a sign-in that is refused changes nothing', async () => {
    const app = await openApp()
    const { changes, onSessionChange } = collect()
    const { trpc, auth } = openClient(app, 'httpLink', { onSessionChange })
    await signIn(trpc)
    const before = await auth.tokens()
    const wrong = trpc.auth.signIn.mutate({ provider: 'credentials', name: 'ben', password: 'wrong' })
    await expect(wrong).rejects.toMatchObject({ data: { kind: 'CredentialsSignin' } })
    expect(await auth.tokens()).toEqual(before)
    expect(changes).toHaveLength(1)
  })

  test('somebody else may sign in though the access token before has long expired', async () => {
    const app = await openApp()
    const { trpc } = openClient(app, 'httpLink')
    await signIn(trpc)
    app.clock.ahead = LATER
    await signIn(trpc, 'ben')
    await expect(trpc.mine.query()).resolves.toBe('ben')
    expect(app.wire.count('auth.token')).toBe(0)
  })

  test('signing out ends the session on the server and forgets the tokens', async () => {
    const app = await openApp()
    const { changes, onSessionChange } = collect()
    const { trpc, auth } = openClient(app, 'httpLink', { onSessionChange })
    await signIn(trpc)
    const { refreshToken } = (await auth.tokens())!
    await trpc.auth.signOut.mutate()
    expect(await auth.tokens()).toBeNull()
    expect(changes.at(-1)).toMatchObject({ session: null, reason: 'signOut', elsewhere: false })
    const again = trpc.auth.token.mutate({ refreshToken: refreshToken! })
    await expect(again).rejects.toMatchObject({ data: { kind: 'SessionRevoked' } })
    await expect(trpc.auth.session.query()).resolves.toBeNull()
  })

  test('S04: signing out works with an access token that has expired, and asks for no refresh', async () => {
    const app = await openApp()
    const { trpc, auth } = openClient(app, 'httpLink')
    await signIn(trpc)
    const { refreshToken } = (await auth.tokens())!
    app.clock.ahead = LATER
    await trpc.auth.signOut.mutate()
    expect(app.wire.count('auth.token')).toBe(0)
    const again = trpc.auth.token.mutate({ refreshToken: refreshToken! })
    await expect(again).rejects.toMatchObject({ data: { kind: 'SessionRevoked' } })
  })

  test('a sign-out that doesn’t arrive signs nobody out', async () => {
    const app = await openApp()
    const { trpc, auth } = openClient(app, 'httpLink')
    await signIn(trpc)
    app.wire.fail('auth.signOut', 'cut')
    await expect(trpc.auth.signOut.mutate()).rejects.toThrow()
    expect(await auth.tokens()).not.toBeNull()
  })

  test('J16: updateSession is a refresh with a patch, also when the access token has expired', async () => {
    const app = await openApp()
    const { changes, onSessionChange } = collect()
    const { trpc, auth } = openClient(app, 'httpLink', { onSessionChange })
    await signIn(trpc)
    const before = await auth.tokens()
    app.clock.ahead = LATER
    await trpc.auth.updateSession.mutate({ org: 'acme' })
    expect(changes.at(-1)).toMatchObject({ reason: 'update', session: { claims: { org: 'acme' } } })
    await expect(trpc.auth.session.query()).resolves.toMatchObject({ claims: { org: 'acme' } })
    expect((await auth.tokens())?.accessToken).not.toBe(before?.accessToken)
    await auth.refresh()
    await expect(trpc.auth.session.query()).resolves.toMatchObject({ claims: { org: 'acme' } })
  })

  test('R9: twenty updates and refreshes at once take turns: nothing is used twice', async () => {
    const app = await openApp()
    const { trpc, auth } = openClient(app, 'httpLink')
    await signIn(trpc)
    const updates = Array.from({ length: 10 }, (_, count) => trpc.auth.updateSession.mutate({ org: `org ${count}` }))
    await Promise.all([...updates, ...Array.from({ length: 10 }, () => auth.refresh())])
    app.clock.ahead = LATER
    await expect(trpc.mine.query()).resolves.toBe('ann')
  })

  test('an app’s own auth.token keeps the store in step', async () => {
    const app = await openApp()
    const { trpc, auth } = openClient(app, 'httpLink')
    await signIn(trpc)
    const { refreshToken } = (await auth.tokens())!
    const renewed = await trpc.auth.token.mutate({ refreshToken: refreshToken! })
    expect((await auth.tokens())?.accessToken).toBe(renewed.accessToken)
  })

  test('the auth router’s own calls go out one by one, never in a batch or a stream', async () => {
    const app = await openApp()
    const { trpc } = openClient(app, 'httpBatchStreamLink')
    await signIn(trpc)
    await Promise.all([
      trpc.auth.session.query(),
      trpc.auth.providers.query(),
      trpc.auth.sessions.list.query(),
      trpc.open.query(),
    ])
    for (const path of ['auth.signIn', 'auth.session', 'auth.providers', 'auth.sessions.list'])
      expect(app.wire.count(path), path).toBe(1)
  })

  test('a client on a server opens no channel: what one person’s says never reaches another’s', async () => {
    const app = await openApp()
    const storage = () => {
      const items = new Map<string, string>()
      return {
        getItem: (key: string) => items.get(key) ?? null,
        setItem: (key: string, value: string) => items.set(key, value),
        removeItem: (key: string) => items.delete(key),
      }
    }
    const ann = openClient(app, 'httpLink', { tokens: createTokenStore({ storage: storage() }) })
    const { changes, onSessionChange } = collect()
    const ben = openClient(app, 'httpLink', { tokens: createTokenStore({ storage: storage() }), onSessionChange })
    const listener = new BroadcastChannel('latchkey:latchkey.tokens')
    const heard: unknown[] = []
    listener.addEventListener('message', (event) => heard.push(event))
    await signIn(ann.trpc)
    await ann.auth.refresh()
    await new Promise((resolve) => setTimeout(resolve, 50))
    listener.close()
    expect(heard).toEqual([])
    expect(changes).toEqual([])
    expect(await ben.auth.tokens()).toBeNull()
  })
})

describe('with the refresh token in a cookie', () => {
  async function openBrowser() {
    const app = await openApp()
    const jar = openCookieJar(app.origin)
    const open = (onSessionChange?: (change: SessionChange<unknown>) => void) =>
      openClient(app, 'httpLink', {
        tokens: createTokenStore({ refresh: 'cookie' }),
        fetch: jar.fetch,
        ...(onSessionChange && { onSessionChange }),
      })
    return { app, jar, open }
  }

  test('R8: the refresh token never meets JavaScript', async () => {
    const { jar, open } = await openBrowser()
    const { trpc, auth } = open()
    const result = await signIn(trpc)
    expect(result).toMatchObject({ status: 'tokens' })
    expect(result).not.toHaveProperty('refreshToken')
    expect(await auth.tokens()).not.toHaveProperty('refreshToken')
    expect([...jar.cookies.keys()]).toEqual(['latchkey.refresh', 'latchkey.device'])
    expect(jar.cookies.get('latchkey.refresh')?.attributes).toContain('HttpOnly')
    await auth.refresh()
    expect(await auth.tokens()).not.toHaveProperty('refreshToken')
  })

  test('R8: it refreshes through its endpoint, once for 20 calls', async () => {
    const { app, open } = await openBrowser()
    const { trpc } = open()
    await signIn(trpc)
    app.clock.ahead = LATER
    const answers = await Promise.all(Array.from({ length: 20 }, () => trpc.mine.query()))
    expect(new Set(answers)).toEqual(new Set(['ann']))
    expect(app.wire.count('/auth/token')).toBe(1)
  })

  test('a page that begins finds its session by one refresh, whatever asks first', async () => {
    const { app, open } = await openBrowser()
    await signIn(open().trpc)
    const before = app.wire.count('/auth/token')
    const { trpc } = open()
    await expect(Promise.all([trpc.mine.query(), trpc.auth.session.query(), trpc.mine.query()])).resolves.toMatchObject(
      ['ann', { user: { id: 'ann' } }, 'ann'],
    )
    expect(app.wire.count('/auth/token') - before).toBe(1)
  })

  test('a page that begins without a session asks once, and goes on as nobody', async () => {
    const { app, open } = await openBrowser()
    const { trpc } = open()
    await expect(trpc.open.query()).resolves.toBe('for everybody')
    await expect(trpc.mine.query()).rejects.toMatchObject({ data: { kind: 'SessionRequired' } })
    expect(app.wire.count('/auth/token')).toBe(1)
  })

  test('X03: a page that begins while the endpoint is down is nobody’s, and asks again', async () => {
    const { app, open } = await openBrowser()
    await signIn(open().trpc)
    const { trpc } = open()
    app.wire.fail('/auth/token', 503)
    await expect(trpc.mine.query()).rejects.not.toHaveProperty('data.kind')
    app.wire.fail('/auth/token', null)
    await expect(trpc.mine.query()).resolves.toBe('ann')
  })

  test('signing out clears the cookie, and the session is over', async () => {
    const { jar, open } = await openBrowser()
    const { trpc } = open()
    await signIn(trpc)
    await trpc.auth.signOut.mutate()
    // The device stays known: its counter of guesses is its own.
    expect([...jar.cookies.keys()]).toEqual(['latchkey.device'])
    await expect(open().trpc.mine.query()).rejects.toMatchObject({ data: { kind: 'SessionRequired' } })
  })

  test('J16: updateSession works there too, and its session went through the app’s transformer', async () => {
    const { open } = await openBrowser()
    const { changes, onSessionChange } = collect()
    const { trpc } = open(onSessionChange)
    await signIn(trpc)
    const answer = await trpc.auth.updateSession.mutate({ org: 'acme' })
    expect(answer).toMatchObject({ session: { claims: { org: 'acme' }, seenAt: new Date(0) } })
    expect(changes.at(-1)).toMatchObject({ reason: 'update' })
    await expect(trpc.auth.session.query()).resolves.toMatchObject({ claims: { org: 'acme' } })
  })

  test('J16: a patch that the schema refuses changes nothing', async () => {
    const { open } = await openBrowser()
    const { trpc } = open()
    await signIn(trpc)
    const refused = trpc.auth.updateSession.mutate({ org: 7 as unknown as string })
    await expect(refused).rejects.toMatchObject({ data: { kind: 'InvalidInput' } })
    await expect(trpc.mine.query()).resolves.toBe('ann')
  })
})

describe('without a token store', () => {
  test('the cookie is the session, and arrives whatever carries the app’s calls', async () => {
    const app = await openApp()
    const jar = openCookieJar(app.origin)
    const { changes, onSessionChange } = collect()
    const { trpc } = openClient(app, 'httpBatchStreamLink', { tokens: undefined, fetch: jar.fetch, onSessionChange })
    const result = await signIn(trpc)
    expect(result.status).toBe('signedIn')
    expect([...jar.cookies.keys()]).toEqual(['latchkey.session', 'latchkey.device'])
    await expect(trpc.auth.session.query()).resolves.toMatchObject({ user: { id: 'ann' } })
    await trpc.auth.updateSession.mutate({ org: 'acme' })
    await trpc.auth.signOut.mutate()
    expect(changes.map(({ reason, session }) => [reason, session?.user.id, session?.claims.org])).toEqual([
      ['signIn', 'ann', undefined],
      ['update', 'ann', 'acme'],
      ['signOut', undefined, undefined],
    ])
  })

  test('a call that says that there is no session is told, and nothing is refreshed', async () => {
    const app = await openApp()
    const { changes, onSessionChange } = collect()
    const { trpc } = openClient(app, 'httpBatchLink', { tokens: undefined, onSessionChange })
    await expect(trpc.mine.query()).rejects.toMatchObject({ data: { kind: 'SessionRequired' } })
    expect(changes).toEqual([{ session: undefined, reason: 'ended', kind: 'SessionRequired', elsewhere: false }])
    await expect(trpc.stubborn.query()).rejects.toMatchObject({ data: { kind: 'AccessTokenExpired' } })
    expect(app.wire.seen.map(({ path }) => path)).toEqual(['mine', 'stubborn'])
  })
})
