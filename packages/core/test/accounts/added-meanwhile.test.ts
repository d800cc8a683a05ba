import { createHmac } from 'node:crypto'
import { memoryAdapter, provider } from '@latchkey/core'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startApp, type TestApp } from '../../../../test/support/app.ts'
import type { Client } from '../../../../test/support/client.ts'
import { describeEachWay } from '../../../../test/support/each-way.ts'
import { type Interfere, interferingAdapter } from '../../../../test/support/interfering.ts'
import { apiKeys } from '../../../api-keys/src/index.ts'
import { changeEmail } from '../../../email/src/index.ts'
import { password } from '../../../password/src/index.ts'
import { totp } from '../../../totp/src/index.ts'
import { EMAIL, GOOD, proven } from './support/proven.ts'

/** Whoever says so has an account, with an address that nobody proved. */
const claimed = provider({
  id: 'claim',
  type: 'email',
  input: z.object({ email: z.string() }),
  begin: ({ email }) => ({ create: { email } }),
})

describeEachWay(({ flow, strategy }) => {
  let app: TestApp
  let interfere: Interfere
  let codes: string[]

  afterEach(() => app?.stop())

  /** A stranger with an account of an address that isn't theirs, and its owner, who proves it when the stranger's write is at this place. */
  const start = async (where: string) => {
    codes = []
    interfere = async () => {}
    app = await startApp({
      adapter: interferingAdapter((table, method) => interfere(table, method)),
      strategy,
      providers: [proven, claimed],
      plugins: [
        password(),
        apiKeys({ scopes: ['read'] }),
        totp(),
        changeEmail({ send: (mail) => void ('code' in mail && codes.push(mail.code)) }),
      ],
    })
    const [stranger, owner] = [app.client(flow), app.client(flow)]
    await stranger.mutate('auth.signIn', { provider: 'claim', email: EMAIL })
    let proving: Promise<unknown> = Promise.resolve()
    const meanwhile = () => {
      let isFirst = true
      interfere = async (table, method) => {
        if (`${table}.${method}` !== where || !isFirst) return
        isFirst = false
        proving = owner.mutate('auth.signIn', { provider: 'mail', email: EMAIL })
        // It may have to wait until the stranger's write is done.
        await Promise.race([proving, new Promise((resolve) => setTimeout(resolve, 300))])
      }
    }
    return { stranger, owner, meanwhile, proved: () => proving }
  }

  describe('O06: what a stranger adds while the owner of the address takes the account over', () => {
    test('a password signs nobody in', async () => {
      const { stranger, owner, meanwhile, proved } = await start('password_hashes.insert')
      meanwhile()
      await stranger.mutate('auth.password.set', { password: GOOD })
      await proved()
      expect(await owner.whoAmI()).not.toBeNull()
      expect(await signIn(app.client(flow))).toMatchObject({ status: 401, kind: 'CredentialsSignin' })
    })

    test('an API key is none', async () => {
      const { stranger, owner, meanwhile, proved } = await start('api_key_keys.insert')
      meanwhile()
      await stranger.mutate('auth.apiKey.create', { name: 'mine', scopes: ['read'] })
      await proved()
      expect(await owner.whoAmI()).not.toBeNull()
      expect(await owner.query('auth.apiKey.list')).toMatchObject({ data: [] })
    })

    test('a second factor locks nobody out', async () => {
      const { stranger, owner, meanwhile, proved } = await start('totp_secrets.insert')
      const { data } = await stranger.mutate<{ secret: string }>('auth.totp.enrol')
      meanwhile()
      await stranger.mutate('auth.totp.confirm', { code: toCode(data.secret) })
      await proved()
      await owner.mutate('auth.signOut')
      expect(await owner.mutate('auth.signIn', { provider: 'mail', email: EMAIL })).toMatchObject({ status: 200 })
      expect(await owner.whoAmI()).not.toBeNull()
    })

    test('another address is not the account’s', async () => {
      const { stranger, owner, meanwhile, proved } = await start('adapter.updateUser')
      await stranger.mutate('auth.account.changeEmail', { email: 'mallory@example.com' })
      while (codes.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
      meanwhile()
      await stranger.mutate('auth.account.confirmEmail', { code: codes[0] })
      await proved()
      // Whoever was first: each has the account of the address that they have proven.
      const mallory = app.client(flow)
      await mallory.mutate('auth.signIn', { provider: 'mail', email: 'mallory@example.com' })
      expect(await mallory.whoAmI()).not.toBe(await owner.whoAmI())
      await owner.mutate('auth.signIn', { provider: 'mail', email: EMAIL })
      expect(await owner.whoAmI()).not.toBeNull()
      expect(await mallory.whoAmI()).not.toBe(await owner.whoAmI())
    })
  })

  test('S11: an instance that has not heard of it adds nothing for a session that has ended', async () => {
    const adapter = memoryAdapter()
    const options = {
      adapter,
      strategy,
      providers: [proven, claimed],
      plugins: [password(), apiKeys({ scopes: ['read'] })],
    }
    app = await startApp(options)
    const elsewhere = await startApp(options)
    const stranger = app.client(flow)
    await stranger.mutate('auth.signIn', { provider: 'claim', email: EMAIL })
    expect(await stranger.mutate('auth.apiKey.create', { name: 'mine', scopes: ['read'] })).toMatchObject({
      status: 200,
    })
    const owner = elsewhere.client(flow)
    await owner.mutate('auth.signIn', { provider: 'mail', email: EMAIL })
    const [key, set] = [
      await stranger.mutate('auth.apiKey.create', { name: 'mine', scopes: ['read'] }),
      await stranger.mutate('auth.password.set', { password: GOOD }),
    ]
    expect([key.status, set.status]).toEqual([401, 401])
    expect(await owner.query('auth.apiKey.list')).toMatchObject({ data: [] })
    expect(await signIn(app.client(flow))).toMatchObject({ kind: 'CredentialsSignin' })
    await elsewhere.stop()
  })

  const signIn = (client: Client) =>
    client.mutate('auth.signIn', { provider: 'password', email: EMAIL, password: GOOD })
})

/** RFC 6238, of now: SHA-1, six digits, thirty seconds. */
function toCode(secret: string): string {
  const bits = Array.from(secret, (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  const bytes = (bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const digest = createHmac('sha1', Buffer.from(bytes)).update(counter).digest()
  const number = digest.readUInt32BE((digest.at(-1) ?? 0) & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}
