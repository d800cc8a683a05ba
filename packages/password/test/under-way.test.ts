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
    const { adapter, meanwhile } = openInterference()
    app = await startPasswordApp({ adapter, strategy, mail: true, ...options })
    const [owner, thief] = [app.client(flow), app.client(flow)]
    await owner.mutate('auth.password.signUp', { email: EMAIL, password: GOOD })
    const { token } = await app.nextMail('verifyEmail', EMAIL)
    await owner.mutate('auth.password.verifyEmail', { token, password: GOOD })
    return { adapter, meanwhile, owner, thief }
  }
  const forgot = async () => {
    await app.client('cookie').mutate('auth.password.forgot', { email: EMAIL })
    return (await app.nextMail('resetPassword', EMAIL)).token
  }
  const change = (owner: Client) => owner.mutate('auth.password.change', { current: GOOD, next: OTHER })

  describe('E08 a sign-in with the old password whose session begins after all others have ended', () => {
    test('by a reset: is refused', async () => {
      const { meanwhile, thief } = await start()
      const token = await forgot()
      const owner = app.client(flow)
      const reset = meanwhile('adapter.createSession', () =>
        owner.mutate('auth.password.reset', { token, password: OTHER }),
      )
      expect(await thief.mutate('auth.signIn', signIn)).toMatchObject({ status: 401, kind: 'SessionRevoked' })
      expect(await reset()).toMatchObject({ status: 200 })
      expect([await thief.whoAmI(), await owner.whoAmI()]).toEqual([null, expect.any(String)])
    })

    test('by a change: is refused', async () => {
      const { meanwhile, owner, thief } = await start()
      const changed = meanwhile('adapter.createSession', () => change(owner))
      expect(await thief.mutate('auth.signIn', signIn)).toMatchObject({ status: 401, kind: 'SessionRevoked' })
      expect(await changed()).toMatchObject({ status: 200 })
      expect([await thief.whoAmI(), await owner.whoAmI()]).toEqual([null, expect.any(String)])
    })

    test('T7 is given no challenge for its second step', async () => {
      const { meanwhile, thief } = await start({ also: [nod] })
      const token = await forgot()
      const reset = meanwhile('latchkey_challenges.insert', () =>
        app.client(flow).mutate('auth.password.reset', { token, password: OTHER }),
      )
      expect(await thief.mutate('auth.signIn', signIn)).toMatchObject({ status: 401, kind: 'SessionRevoked' })
      expect(await reset()).toMatchObject({ status: 200, data: { status: 'challenge' } })
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
    const { adapter, meanwhile, owner } = await start({ now: Date.UTC(2026, 10, 30) })
    app.wait(60)
    const token = await forgot()
    const id = (await owner.whoAmI()) ?? ''
    const left = meanwhile('adapter.getUser', () => adapter.updateUser({ id, email: 'new@example.com' }), {
      after: 'password_resets.take',
    })
    const reader = app.client(flow)
    expect(await reader.mutate('auth.password.reset', { token, password: OTHER })).toMatchObject({ status: 401 })
    await left()
    expect(await reader.whoAmI()).toBeNull()
    expect(await owner.mutate('auth.signIn', { ...signIn, email: 'new@example.com' })).toMatchObject({ status: 200 })
  })

  test('who changes a password ends nobody’s sessions if their own has ended meanwhile', async () => {
    const { adapter, meanwhile, owner, thief } = await start()
    await thief.mutate('auth.signIn', signIn)
    const id = (await owner.whoAmI()) ?? ''
    const back = app.client(flow)
    const endAll = async () => {
      await app.auth.revokeSessions(id)
      return back.mutate('auth.signIn', { ...signIn, password: OTHER })
    }
    // The thief's new session has been written, and the others are about to end.
    const ended = meanwhile('adapter.getSessionAndUser', endAll, { after: 'adapter.createSession' })
    await change(thief)
    expect(await ended()).toMatchObject({ status: 200 })
    expect([await thief.whoAmI(), await back.whoAmI()]).toEqual([null, id])
    expect(await adapter.listSessions({ userId: id, now: new Date() })).toHaveLength(1)
  })
})
