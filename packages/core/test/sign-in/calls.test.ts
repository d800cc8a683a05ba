import { expect, test } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { readJson } from '../support/browser.ts'
import { accountOf, openLab, readResult, type Result, succeeded } from './lab.ts'

const ANN = { name: 'Ann', email: 'ann@example.com' }

const open = (options: Parameters<typeof openLab>[1] = {}) => openLab({ adapter: memoryAdapter() }, options)

// call.signIn() of a plug-in's own operation or endpoint: the same sign-in as after a provider's begin().

test('O1 O5 an operation signs in: its plug-in is the account’s provider, and the callback sees no credentials', async () => {
  const seen: unknown[] = []
  const lab = open({
    begin: () => ({ create: ANN }),
    callbacks: { signIn: (params) => (seen.push(params), true) },
    session: { strategy: 'jwt' },
  })
  const result = succeeded(await readResult(await lab.browser.post('/auth/step/enter', { name: 'secret' })))
  const [id] = lab.users
  expect(result).toMatchObject({ status: 'signedIn', session: { user: { id } } })
  expect(lab.trace).toEqual(['resolveUser', 'jwt', 'session'])
  expect(seen).toMatchObject([{ user: ANN, account: { provider: 'step', type: 'credentials' }, credentials: null }])
  expect((await lab.browser.session())?.user.id).toBe(id)
  expect(await lab.eventsOf('signIn')).toMatchObject([
    { isNewUser: true, account: { provider: 'step', providerAccountId: id } },
  ])
})

test('T3 an operation that signs in returns tokens if they are asked for', async () => {
  const lab = open({ begin: () => ({ mirror: { id: 'ann' } }), tokens: { enabled: true } })
  const result = succeeded(await readResult(await lab.browser.post('/auth/step/enter', { flow: 'token' })))
  expect(result).toMatchObject({ status: 'tokens', accessToken: expect.any(String) })
  expect(lab.browser.setCookies).toEqual([])
})

test('an endpoint signs in: the cookie is in its own response', async () => {
  const lab = open({ begin: () => accountOf('17', ANN) })
  const response = await lab.browser.get('/auth/step/enter')
  expect([response.status, await readJson<Result>(response)]).toMatchObject([203, { status: 'signedIn' }])
  expect((await lab.browser.session())?.user.id).toBe([...lab.users][0])
})

test('O3 a sign-in through an operation may be refused, or asked for a second step', async () => {
  let allowed = false
  const lab = open({
    begin: () => ({ create: ANN }),
    callbacks: { signIn: () => allowed },
    factors: { totp: () => true },
  })
  expect(await readResult(await lab.browser.post('/auth/step/enter'))).toBe('AccessDenied')
  expect(lab.users.size).toBe(0)
  allowed = true
  const { challenge, status } = succeeded(await readResult(await lab.browser.post('/auth/step/enter')))
  expect(status).toBe('challenge')
  expect(succeeded(await lab.browser.verify(challenge)).status).toBe('signedIn')
})

test('without a second factor no sign-in waits, and the log says why', async () => {
  const lab = open()
  expect(await lab.browser.verify('x'.repeat(43))).toBe('Configuration')
  expect(lab.lines.map(({ cause }) => String(cause)).join()).toContain('no plug-in has a second factor')
})
