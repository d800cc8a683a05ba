import { afterEach, describe, expect, test } from 'vitest'
import type { Client } from '../../../test/support/client.ts'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { nod } from '../../../test/support/factor.ts'
import { openInterference } from '../../../test/support/interfering.ts'
import { GOOD, OTHER, type PasswordApp, type PasswordAppOptions, startPasswordApp } from './support/app.ts'

let app: PasswordApp
afterEach(() => app.stop())

const EMAIL = 'ann@example.com'
const signIn = { provider: 'password', email: EMAIL, password: GOOD }

describeEachWay(({ flow, strategy }) => {
  /** Somebody with an account whose address is verified, and who else knows the password. */
  const start = async (options: PasswordAppOptions = {}) => {
    const { adapter, meanwhile, calls } = openInterference()
    app = await startPasswordApp({ adapter, strategy, mail: true, ...options })
    const [owner, thief] = [app.client(flow), app.client(flow)]
    await owner.mutate('auth.password.signUp', { email: EMAIL, password: GOOD })
    const { token } = await app.nextMail('verifyEmail', EMAIL)
    await owner.mutate('auth.password.verifyEmail', { token, password: GOOD })
    const id = (await owner.whoAmI()) ?? ''
    const countSessions = async () => (await adapter.listSessions({ userId: id, now: new Date() })).length
    return { adapter, meanwhile, calls, owner, thief, id, countSessions }
  }
  const forgot = async () => {
    await app.client('cookie').mutate('auth.password.forgot', { email: EMAIL })
    return (await app.nextMail('resetPassword', EMAIL)).token
  }
  const change = (owner: Client) => owner.mutate('auth.password.change', { current: GOOD, next: OTHER })

  describe('E08 a sign-in with the old password whose session begins after all others have ended', () => {
    test('by a reset: is refused', async () => {
      const { meanwhile, thief, countSessions } = await start()
      const token = await forgot()
      const owner = app.client(flow)
      const reset = meanwhile('adapter.createSession', () =>
        owner.mutate('auth.password.reset', { token, password: OTHER }),
      )
      expect(await thief.mutate('auth.signIn', signIn)).toMatchObject({ status: 401, kind: 'SessionRevoked' })
      expect(await reset()).toMatchObject({ status: 200 })
      expect([await thief.whoAmI(), await owner.whoAmI()]).toEqual([null, expect.any(String)])
      expect(await countSessions()).toBe(1)
    })

    test('by a change: is refused', async () => {
      const { meanwhile, owner, thief, countSessions } = await start()
      const changed = meanwhile('adapter.createSession', () => change(owner))
      expect(await thief.mutate('auth.signIn', signIn)).toMatchObject({ status: 401, kind: 'SessionRevoked' })
      expect(await changed()).toMatchObject({ status: 200 })
      expect([await thief.whoAmI(), await owner.whoAmI()]).toEqual([null, expect.any(String)])
      expect(await countSessions()).toBe(1)
    })

    test('T7 is given no challenge for its second step', async () => {
      const { meanwhile, calls, thief } = await start({ also: [nod] })
      const token = await forgot()
      const reset = meanwhile('latchkey_challenges.insert', () =>
        app.client(flow).mutate('auth.password.reset', { token, password: OTHER }),
      )
      expect(await thief.mutate('auth.signIn', signIn)).toMatchObject({ status: 401, kind: 'SessionRevoked' })
      expect(await reset()).toMatchObject({ status: 200, data: { status: 'challenge' } })
      // The one that was written is removed again.
      expect(calls).toContain('latchkey_challenges.take')
    })

    test('is in if the password is the same as before', async () => {
      const { meanwhile, owner, thief } = await start()
      const other = meanwhile('adapter.createSession', () => owner.mutate('auth.signIn', signIn))
      expect(await thief.mutate('auth.signIn', signIn)).toMatchObject({ status: 200 })
      expect(await other()).toMatchObject({ status: 200 })
      expect([await thief.whoAmI(), await owner.whoAmI()]).toEqual([expect.any(String), expect.any(String)])
    })
  })

  test('E08 a link to a mailbox that its owner leaves at this moment sets no password', async () => {
    const { adapter, meanwhile, owner, id } = await start({ now: Date.UTC(2026, 10, 30) })
    app.wait(60)
    const token = await forgot()
    const left = meanwhile('adapter.getUser', () => adapter.updateUser({ id, email: 'new@example.com' }), {
      after: 'password_resets.take',
    })
    const reader = app.client(flow)
    expect(await reader.mutate('auth.password.reset', { token, password: OTHER })).toMatchObject({ status: 401 })
    await left()
    expect(await reader.whoAmI()).toBeNull()
    expect(await owner.mutate('auth.signIn', { ...signIn, email: 'new@example.com' })).toMatchObject({ status: 200 })
  })

  describe('who changes a password with a session that has ended meanwhile', () => {
    test.each([
      { when: 'before the new one is written', where: 'adapter.createSession', options: {} },
      {
        when: 'before it is asked for the first time',
        where: 'adapter.getSessionAndUser',
        options: { after: 'adapter.createSession' },
      },
      { when: 'before the others end', where: 'adapter.revokeSession', options: { after: 'adapter.createSession' } },
    ])('$when: is refused, and ends nobody’s', async ({ where, options }) => {
      const { meanwhile, owner, thief, id, countSessions } = await start()
      await thief.mutate('auth.signIn', signIn)
      const back = app.client(flow)
      const endAll = async () => {
        await app.auth.revokeSessions(id)
        return back.mutate('auth.signIn', { ...signIn, password: OTHER })
      }
      const ended = meanwhile(where, endAll, options)
      expect(await change(thief)).toMatchObject({ status: 401, kind: 'SessionRevoked' })
      expect(await ended()).toMatchObject({ status: 200 })
      expect([await thief.whoAmI(), await owner.whoAmI(), await back.whoAmI()]).toEqual([null, null, id])
      expect(await countSessions()).toBe(1)
    })
  })
})
