import { expect, test } from 'vitest'
import { z } from 'zod'
import { COOKIE, makeAuth, openClock } from '../support/auth.ts'
import { authJsAdapter } from '../support/base-adapter.ts'
import { createBrowser } from '../support/browser.ts'
import { DAY, under } from '../support/scene.ts'

function open() {
  const store = authJsAdapter()
  const clock = openClock()
  const auth = makeAuth({
    adapter: store.adapter,
    clock: clock.read,
    ...under('database', { maxAge: '10d', absoluteMaxAge: '30d' }),
  })
  return { ...store, clock, auth, browser: createBrowser(auth) }
}

test('an Auth.js adapter keeps sessions as it is: sign-in, read, sign-out', async () => {
  const { browser, sessions } = open()
  await browser.signIn()
  expect((await browser.session())?.user.id).toBe('ann')
  expect(sessions.size).toBe(1)
  await browser.signOut()
  expect(sessions.size).toBe(0)
  expect(await browser.session()).toBeNull()
})

test('C5 it gets a hash of the token, never the token', async () => {
  const { browser, sessions } = open()
  await browser.signIn()
  expect(JSON.stringify([...sessions])).not.toContain(browser.cookies.get(COOKIE))
})

test('S05 the absolute lifetime holds without a column for it: the token says when it was made', async () => {
  const { browser, clock } = open()
  await browser.signIn()
  for (let day = 0; day < 29; day++) {
    clock.turn(DAY)
    expect(await browser.session()).not.toBeNull()
  }
  clock.turn(DAY)
  expect(await browser.session()).toBeNull()
})

test('a session has a stable public id though its row has none', async () => {
  const { browser, auth } = open()
  await browser.signIn()
  const request = () =>
    new Request('http://app.test/', { headers: { cookie: `${COOKIE}=${browser.cookies.get(COOKIE)}` } })
  const ids = [(await auth.getSession(request()))?.sessionId, (await auth.getSession(request()))?.sessionId]
  expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/)
  expect(ids[0]).toBe(ids[1])
})

test('what it cannot do is refused at construction, by name', () => {
  const { adapter } = open()
  const claims = { org: z.string() }
  const update = z.object({ org: z.string() })
  expect(() => makeAuth({ adapter, claims, update, ...under('database') })).toThrow(/writeSessionClaims/)
  const { deleteSession: _, ...incomplete } = adapter
  expect(() => makeAuth({ adapter: incomplete, ...under('database') })).toThrow(/deleteSession/)
  expect(makeAuth({ adapter }).features.sessions).toBe(false)
})
