import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AppBundle, loadBundle } from './load-bundle.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-bundles-'))
let page: AppBundle
let route: AppBundle

beforeAll(async () => {
  page = await loadBundle(folder, 'page', 'esm')
  route = await loadBundle(folder, 'route', 'cjs')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ORIGIN = 'http://app.test'

/** The module `auth.ts` of an app, as each of its bundles runs it. */
function runAuthModule({ core, z }: AppBundle, key: string) {
  return core.oncePerProcess(key, () =>
    core.createAuth({
      secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
      baseUrl: ORIGIN,
      adapter: core.memoryAdapter(),
      logger: { error: () => {}, warn: () => {} },
      limits: { signIn: { perIdentifier: 2 } },
      session: { strategy: 'database' },
      providers: [
        core.credentials({
          input: z.object({ name: z.string(), password: z.string() }),
          identify: ({ name }) => name,
          authorize: ({ name, password }) => (password === 'right' ? { id: name, name } : null),
        }),
      ],
    }),
  )
}
type AppAuth = ReturnType<typeof runAuthModule>

async function post({ handler }: AppAuth, path: string, body: object, cookie = '') {
  const headers = { origin: ORIGIN, 'content-type': 'application/json', cookie }
  const request = new Request(`${ORIGIN}/auth/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const response = await handler(request)
  return { status: response.status, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' }
}

async function readName({ getSession }: AppAuth, cookie: string) {
  return (await getSession(new Request(ORIGIN, { headers: { cookie } })))?.user.name
}

test('M37 every bundle of a process gets the one engine, with its rows and its sign-outs', async () => {
  const [inPage, inRoute] = [runAuthModule(page, 'auth'), runAuthModule(route, 'auth')]
  const { status, cookie } = await post(inRoute, 'signin/credentials', { name: 'ada', password: 'right' })
  expect(status).toBe(200)
  expect(await readName(inPage, cookie)).toBe('ada')
  expect((await post(inPage, 'signout', {}, cookie)).status).toBe(200)
  expect(await readName(inRoute, cookie)).toBe(undefined)
})

test('M37 failed sign-ins are counted across bundles', async () => {
  const [inPage, inRoute] = [runAuthModule(page, 'limited'), runAuthModule(route, 'limited')]
  const guess = { name: 'bob', password: 'wrong' }
  expect((await post(inRoute, 'signin/credentials', guess)).status).toBe(401)
  expect((await post(inPage, 'signin/credentials', guess)).status).toBe(401)
  expect((await post(inRoute, 'signin/credentials', guess)).status).toBe(429)
  expect((await post(inPage, 'signin/credentials', guess)).status).toBe(429)
})

test('M37 each key has its own, and what failed to be made is made by the next call', () => {
  const { oncePerProcess } = page.core
  expect(oncePerProcess('one', () => ({ made: 1 }))).toBe(route.core.oncePerProcess('one', () => ({ made: 2 })))
  expect(oncePerProcess('two', () => 'another')).toBe('another')
  const fail = () => {
    throw new Error('no environment yet')
  }
  expect(() => oncePerProcess('three', fail)).toThrow('no environment yet')
  expect(oncePerProcess('three', () => 3)).toBe(3)
  expect(oncePerProcess('nothing', () => undefined)).toBe(undefined)
  expect(oncePerProcess<unknown>('nothing', fail)).toBe(undefined)
})
