import { credentials } from '@latchkey/core'
import { passkey } from '@latchkey/passkey'
import { totp } from '@latchkey/totp'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createOwner, register, signIn } from '../../packages/passkey/test/support/people.ts'
import { createAuthenticator } from '../../packages/passkey/test/support/authenticator.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { describeEachWay } from '../support/each-way.ts'
import { openMemory } from '../support/stores.ts'
import { toTotpCode } from './totp-code.ts'

const NOW = Date.UTC(2026, 10, 29, 12)
const name = credentials({
  id: 'name',
  input: z.object({ id: z.string() }),
  identify: ({ id }) => id,
  authorize: ({ id }) => ({ id, email: `${id}@example.com`, name: id }),
})

let app: TestApp
afterEach(() => app.stop())

describeEachWay(({ flow, strategy }) => {
  const open = async () => {
    const { adapter } = await openMemory()
    app = await startApp({ adapter, strategy, now: NOW, providers: [name], plugins: [passkey(), totp()] })
  }
  /** A session of somebody with an authenticator app, who hasn't shown it here. */
  const enrol = async () => {
    const client = app.client(flow)
    await client.mutate('auth.signIn', { provider: 'name', id: 'ann' })
    const { secret } = (await client.mutate<{ secret: string }>('auth.totp.enrol')).data
    const code = (steps: number) => toTotpCode(secret, NOW + steps * 30_000)
    expect((await client.mutate('auth.totp.confirm', { code: code(0) })).kind).toBeNull()
    return { client, code }
  }

  describe('Q28 a session that has not shown the second factor', () => {
    test('makes no passkey, which would count as two factors', async () => {
      await open()
      const { client } = await enrol()
      const asked = await client.mutate('auth.passkey.registerOptions')
      expect(asked).toMatchObject({ status: 403, kind: 'StepUpRequired', error: { factor: 'mfa' } })
      expect((await client.query('auth.passkey.list')).data).toEqual([])
    })

    test('registers none that it has begun before either', async () => {
      await open()
      const client = app.client(flow)
      await client.mutate('auth.signIn', { provider: 'name', id: 'ann' })
      const { data } =
        await client.mutate<Parameters<ReturnType<typeof createAuthenticator>['create']>[0]>(
          'auth.passkey.registerOptions',
        )
      const owner = await enrol()
      const response = createAuthenticator({ origin: app.origin }).create(data)
      expect((await client.mutate('auth.passkey.register', { response })).kind).toBe('StepUpRequired')
      expect((await owner.client.query('auth.passkey.list')).data).toEqual([])
    })

    test('makes one once it has shown it, and that one counts as two factors', async () => {
      await open()
      const { client, code } = await enrol()
      expect((await client.mutate('auth.totp.stepUp', { code: code(1) })).kind).toBeNull()
      const device = createAuthenticator({ origin: app.origin })
      expect((await register({ client, device })).kind).toBeNull()
      const another = app.client(flow)
      await signIn(another, device)
      expect((await another.mutate('mfa')).kind).toBeNull()
    })
  })

  test('whoever has no second factor makes a passkey with a session', async () => {
    await open()
    expect((await createOwner(app, flow)).passkey.id).toEqual(expect.any(String))
  })
})
