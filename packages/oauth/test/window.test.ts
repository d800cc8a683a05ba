import { definePlugin } from '@latchkey/core'
import { afterEach, expect, test } from 'vitest'
import { NATIVE } from './support/person.ts'
import { createPkce } from './support/pkce.ts'
import { openScene, type Scene, type SceneOptions } from './support/scene.ts'

let scene: Scene
afterEach(() => scene.stop())

const ID = 'a-window-of-22-letters'
const gate = definePlugin({ id: 'gate', setup: () => ({ factors: { gate: { isDue: () => true } } }) })

/** Signs in in a window of its own. @returns what its last page is told */
async function signIn(options: SceneOptions = {}, more: object = {}, setUp: (opened: Scene) => void = () => {}) {
  scene = await openScene(options)
  setUp(scene)
  const isToken = 'codeChallenge' in more
  const ann = scene.person(isToken ? 'token' : 'cookie')
  const start = await ann.begin({ popup: ID, redirectTo: isToken ? NATIVE : '/in', ...more })
  const { url, status, body } = await ann.go(start.href, () => false)
  expect(url.href).toContain(`${scene.app.origin}/auth/oauth/popup#`)
  expect(status).toBe(200)
  expect(body).not.toContain(ID)
  return { told: Object.fromEntries(new URLSearchParams(url.hash.slice(1))), ann }
}

test('a window of its own tells that somebody signed in', async () => {
  const { told, ann } = await signIn()
  expect(told).toEqual({ id: ID, origin: scene.app.origin, status: 'signedIn' })
  expect(await ann.client.whoAmI()).not.toBeNull()
})

test('it tells a challenge, and nothing else of the sign-in', async () => {
  const { told, ann } = await signIn({ plugins: [gate] })
  expect(told).toEqual({
    id: ID,
    origin: scene.app.origin,
    status: 'challenge',
    challenge: expect.any(String),
    expiresIn: '300',
    factors: 'gate',
  })
  expect(await ann.client.whoAmI()).toBeNull()
})

test('O9 it tells the kind of an error, and the log has a failure of the server', async () => {
  const { told } = await signIn({}, {}, ({ op }) => (op.person = null))
  expect(told).toEqual({ id: ID, origin: scene.app.origin, status: 'error', kind: 'AccessDenied' })
  await scene.stop()
  const failing = await signIn({ callbacks: { signIn: () => Promise.reject(new Error('hunter2')) } })
  expect(failing.told).toMatchObject({ status: 'error', kind: 'CallbackRouteError' })
  expect(scene.app.log.join()).toContain('hunter2')
})

test('T5 a client that keeps tokens gets its code there', async () => {
  const { codeChallenge, codeVerifier } = await createPkce()
  const { told, ann } = await signIn({}, { codeChallenge })
  expect(told).toMatchObject({ id: ID, status: 'code', code: expect.any(String) })
  expect((await ann.client.mutate('auth.oauth.exchange', { code: told.code, codeVerifier })).kind).toBeNull()
})

test.each(['', 'short', 'x'.repeat(65), '<script>alert(1)</script>xxxx'])('"%s" names no window', async (popup) => {
  scene = await openScene()
  const answer = await scene.person().client.mutate('auth.signIn', { provider: 'op', popup })
  expect([answer.kind, answer.error?.fields]).toEqual(['InvalidInput', ['popup']])
})
