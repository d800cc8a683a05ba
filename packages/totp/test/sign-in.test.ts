import { expect, test } from 'vitest'
import { describeEachWay } from '../../../test/support/each-way.ts'
import { openApp } from './support/app.ts'

describeEachWay(({ flow, strategy }) => {
  const begun = flow === 'token' ? 'tokens' : 'signedIn'

  test('T7 whoever has a second factor gets a challenge, and is in after its code', async () => {
    const app = await openApp({ strategy })
    const { secret } = await app.enrolled(flow)
    const client = app.client(flow)
    const first = await client.mutate('auth.signIn', { provider: 'first', name: 'ann' })
    expect(first.data).toEqual({
      status: 'challenge',
      challenge: expect.any(String),
      expiresIn: 300,
      factors: ['totp'],
    })
    expect([first.headers.getSetCookie(), client.tokens, await client.whoAmI()]).toEqual([[], null, null])
    const { challenge } = first.data
    const second = await client.mutate('auth.totp.verify', { challenge, code: app.code(secret) })
    expect(second.data).toMatchObject({ status: begun, session: { user: { id: 'ann' } } })
    expect((await client.query('guarded')).data).toMatchObject({ user: { id: 'ann' }, amr: ['pwd', 'otp', 'mfa'] })
    expect((await client.mutate<string>('mfa')).data).toBe('done')
  })

  test('S14 after the first step nothing lets anybody in, and nothing that was kept does', async () => {
    const app = await openApp({ strategy })
    await app.enrolled(flow)
    const { client, challenge } = await app.signIn(flow)
    expect(challenge).not.toBe('')
    for (const call of [
      client.query('guarded'),
      client.mutate('fresh'),
      client.mutate('mfa'),
      client.query('auth.totp.status'),
    ])
      expect((await call).kind).toBe('SessionRequired')
    const asToken = { headers: { authorization: `Bearer ${challenge}` } }
    const asCookie = { headers: { cookie: `latchkey.session=${challenge}` } }
    for (const init of [asToken, asCookie]) {
      expect((await client.fetch('/trpc/guarded', init)).status).toBe(401)
      expect(await (await client.fetch('/auth/session', init)).json()).toBeNull()
    }
  })

  test('without a second factor, or with one that is not confirmed, nobody is asked', async () => {
    const app = await openApp({ strategy })
    const { client } = await app.signIn(flow)
    expect((await client.query('auth.totp.status')).data).toEqual({ enabled: false, since: null, backupCodes: 0 })
    await client.mutate('auth.totp.enrol')
    const { client: again, challenge } = await app.signIn(flow)
    expect([challenge, await again.whoAmI()]).toEqual(['', 'ann'])
  })

  test('a passkey that has checked the person counts as two', async () => {
    const app = await openApp({ strategy })
    await app.enrolled(flow)
    const client = app.client(flow)
    expect((await client.mutate('auth.signIn', { provider: 'key', name: 'ann' })).data.status).toBe(begun)
    expect((await client.mutate<string>('mfa')).data).toBe('done')
  })

  test('a backup code stands in for a code, once', async () => {
    const app = await openApp({ strategy })
    const { backupCodes } = await app.enrolled(flow)
    expect(new Set(backupCodes).size).toBe(10)
    const [code = ''] = backupCodes
    const { client, challenge } = await app.signIn(flow)
    const typed = code.toUpperCase().replaceAll('-', ' ')
    expect((await client.mutate('auth.totp.useBackupCode', { challenge, code: typed })).data.status).toBe(begun)
    expect((await client.query('auth.totp.status')).data).toMatchObject({ backupCodes: 9 })
    const again = await app.signIn(flow)
    expect((await client.mutate('auth.totp.useBackupCode', { challenge: again.challenge, code })).kind).toBe(
      'CredentialsSignin',
    )
  })

  test.each(['a code', 'a backup code'])('a session without a second factor shows it later: %s', async (what) => {
    const app = await openApp({ strategy })
    const { client, secret, backupCodes } = await app.enrolled(flow)
    expect((await client.mutate('mfa')).error).toMatchObject({ kind: 'StepUpRequired', factor: 'mfa' })
    const code = what === 'a code' ? app.code(secret) : backupCodes[3]
    expect((await client.mutate('auth.totp.stepUp', { code })).data.status).toBe(begun)
    expect((await client.mutate<string>('mfa')).data).toBe('done')
    expect((await client.query('guarded')).data).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] })
  })

  test('a second factor is disabled by whoever has shown it lately, and not before', async () => {
    const app = await openApp({ strategy })
    const { client, secret } = await app.enrolled(flow)
    for (const path of ['disable', 'enrol', 'regenerateBackupCodes'])
      expect((await client.mutate(`auth.totp.${path}`)).error).toMatchObject({ kind: 'StepUpRequired', factor: 'mfa' })
    await client.mutate('auth.totp.stepUp', { code: app.code(secret) })
    app.wait(11 * 60)
    for (const path of ['disable', 'enrol', 'regenerateBackupCodes'])
      expect((await client.mutate(`auth.totp.${path}`)).error).toMatchObject({ kind: 'StepUpRequired', maxAge: 600 })
    await client.mutate('auth.totp.stepUp', { code: app.code(secret) })
    expect((await client.mutate('auth.totp.disable')).data).toEqual({ disabled: true })
    expect((await app.signIn(flow)).challenge).toBe('')
  })

  test('other backup codes take the place of those before', async () => {
    const app = await openApp({ strategy })
    const { client, secret, backupCodes } = await app.enrolled(flow)
    await client.mutate('auth.totp.stepUp', { code: app.code(secret) })
    const { data } = await client.mutate<{ backupCodes: string[] }>('auth.totp.regenerateBackupCodes')
    expect(data.backupCodes).toHaveLength(10)
    const { challenge } = await app.signIn(flow)
    const use = async (code = '') => client.mutate('auth.totp.useBackupCode', { challenge, code })
    expect((await use(backupCodes[0])).kind).toBe('CredentialsSignin')
    expect((await use(data.backupCodes[0])).data.status).toBe(begun)
  })
})
