import { createAuth, credentials, type User } from '@latchkey/core'
import { z } from 'zod'
import { type Store, STORES } from './stores.ts'

const ORIGIN = 'http://app.test'
type Strategy = 'jwt' | 'database'
/** What was seen, in order, by what was done. */
type Seen = Record<string, unknown>

/** An app that finds its users in the adapter's table, and knows one that isn't there. */
function openApp({ adapter }: Store, strategy: Strategy, tokens: boolean) {
  const lines: string[] = []
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: ORIGIN,
    adapter,
    session: { strategy },
    tokens: { enabled: tokens },
    logger: { error: (_, cause) => void lines.push(String(cause)), warn: (message) => void lines.push(message) },
    providers: [
      credentials({
        input: z.object({ email: z.string() }),
        identify: ({ email }) => email,
        authorize: async ({ email }): Promise<User> =>
          (await adapter.getUserByEmail?.(email)) ?? { id: '4b1f6c9e-6f0e-4a53-9a52-0d0b8a3f1c77', name: 'Eve', email },
      }),
    ],
  })
  const cookies = new Map<string, string>()
  const call = async (method: string, path: string, body?: object): Promise<readonly [number, Seen]> => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const headers = { origin: ORIGIN, cookie, 'content-type': 'application/json' }
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const response = await auth.handler(new Request(`${ORIGIN}/auth${path}`, init))
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return [response.status, ((await response.json()) ?? {}) as Seen] // the handler returns objects, or null
  }
  const who = async () => ((await call('GET', '/session'))[1].user as { email?: string } | undefined)?.email ?? null
  const kind = ([status, { error }]: readonly [number, Seen]) => [
    status,
    (error as { kind?: string } | undefined)?.kind ?? null,
  ]
  return {
    call,
    who,
    kind,
    lines,
    signIn: (email: string, more = {}) => call('POST', '/signin/credentials', { email, ...more }),
  }
}

/** What an app does that comes from Auth.js with its tables. */
async function journey(store: Store, strategy: Strategy): Promise<Seen> {
  const { adapter } = store
  const email = `ann-${strategy}@example.com`
  const made = await adapter.createUser!({ id: '', name: 'Ann', email, emailVerified: null, image: null })
  const app = openApp(store, strategy, false)
  const seen: Seen = {}
  seen.signIn = app.kind(await app.signIn(email))
  seen.session = (await app.who()) === email
  seen.signOut = app.kind(await app.call('POST', '/signout', {}))
  seen.afterwards = await app.who()

  const stranger = `eve-${strategy}@example.com`
  seen.missing = app.kind(await app.signIn(stranger))
  seen.missingSession = (await app.who()) === stranger
  seen.missingRow = (await adapter.getUserByEmail!(stranger)) !== null
  await app.call('POST', '/signout', {})
  await adapter.createUser!({ id: '', name: 'Eve', email: stranger, emailVerified: null, image: null })
  seen.madeThen = app.kind(await app.signIn(stranger))

  const native = openApp(store, strategy, true)
  seen.warned = native.lines.some((line) => line.startsWith('tokens.enabled'))
  const [status, tokens] = await native.signIn(email, { flow: 'token' })
  seen.tokens = [status, typeof tokens.refreshToken]
  const [refreshed, next] = await native.call('POST', '/token', { refreshToken: tokens.refreshToken })
  seen.refresh = [refreshed, (next.user as { email?: string } | undefined)?.email === email]
  await adapter.deleteUser!(made.id)
  seen.deleted = native.kind(await native.call('POST', '/token', { refreshToken: next.refreshToken }))
  return seen
}

const [name = '', where = ''] = process.argv.slice(2)
const store = await STORES[name]!(where)
const seen = { jwt: await journey(store, 'jwt'), database: await journey(store, 'database') }
await store.close()
console.log(JSON.stringify(seen))
