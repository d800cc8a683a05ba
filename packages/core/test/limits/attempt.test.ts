import { expect, test } from 'vitest'
import { createEngine } from '../../src/config/engine.ts'
import { AuthError } from '../../src/index.ts'
import { type ClientAttemptParams, createAttempt } from '../../src/sign-in/attempt.ts'
import { openLog, ORIGIN, passwordProvider, SECRET } from '../support/auth.ts'

const ADDRESS = '203.0.113.7'
const PARAMS: ClientAttemptParams = { what: 'password.change', whom: 'ann', address: ADDRESS }

/** What a plug-in calls. */
function open(signIn: { readonly perIdentifier?: number; readonly perClient?: number } = {}) {
  const { logger, lines } = openLog()
  const providers = [passwordProvider()]
  const attempt = createAttempt(
    createEngine({ secret: SECRET, baseUrl: ORIGIN, providers, logger, limits: { signIn } }),
  )
  const run = (result: object | null | Error, params: Partial<ClientAttemptParams> = {}) =>
    attempt({ ...PARAMS, ...params }, () => {
      if (result instanceof Error) throw result
      return result
    }).then(
      () => 'allowed',
      (error: unknown) => (error instanceof AuthError ? error.kind : 'thrown'),
    )
  return { attempt, run, messages: () => lines.map(({ message }) => message) }
}

test('C9 what the check returns is returned, and null is a wrong guess', async () => {
  const { attempt, run } = open()
  const found = { id: 'ann' }
  expect(await attempt(PARAMS, () => found)).toBe(found)
  expect(await attempt(PARAMS, async () => found)).toBe(found)
  expect(await run(null)).toBe('CredentialsSignin')
})

test('C9 failures are counted for whom they are and for what is tried', async () => {
  const { run } = open({ perIdentifier: 2 })
  const kinds = [await run(null), await run(null), await run(null), await run({})]
  expect(kinds).toEqual(['CredentialsSignin', 'CredentialsSignin', 'RateLimited', 'RateLimited'])
  expect(await run({}, { whom: 'bob' })).toBe('allowed')
  expect(await run({}, { what: 'totp.verify' })).toBe('allowed')
})

test('C9 and for the client, whatever it tries', async () => {
  const { run } = open({ perClient: 2 })
  expect(await run(null, { what: 'a' })).toBe('CredentialsSignin')
  expect(await run(null, { what: 'b', whom: 'bob' })).toBe('CredentialsSignin')
  expect(await run({}, { what: 'c', whom: null })).toBe('RateLimited')
})

test('C9 anything but null clears, a failure of the server counts for nobody, a refusal counts', async () => {
  const { run } = open({ perIdentifier: 2 })
  for (let round = 0; round < 3; round++)
    expect([await run(null), await run({})]).toEqual(['CredentialsSignin', 'allowed'])
  for (let round = 0; round < 3; round++) expect(await run(new Error('the database is down'))).toBe('thrown')
  for (let round = 0; round < 3; round++) expect(await run(new AuthError('AdapterError'))).toBe('AdapterError')
  expect(await run(new AuthError('AccessDenied'))).toBe('AccessDenied')
  expect([await run(null), await run({})]).toEqual(['CredentialsSignin', 'RateLimited'])
})

test('C12 where neither a name nor an address is known the log says once what is not limited', async () => {
  const { attempt, messages } = open()
  for (let time = 0; time < 2; time++) await attempt({ what: 'codes.redeem', whom: null, address: null }, () => ({}))
  expect(messages()).toEqual([expect.stringMatching(/^attempts of "codes\.redeem" are not limited: they name nobody/)])
})
