import { describe, expect, test } from 'vitest'
import { listStores, type OpenStore } from '../../../test/support/stores.ts'
import { describeWith } from '../../kysely/test/services.ts'
import { totp } from '../src/index.ts'
import { openApp, type TotpApp } from './support/app.ts'

interface Scene {
  readonly app: TotpApp
  readonly secret: string
  readonly backupCodes: readonly string[]
  readonly challenge: string
}

const verify = (app: TotpApp, challenge: string, code: string) =>
  app.client('cookie').mutate('auth.totp.verify', { challenge, code })

for (const { name, service, open } of await listStores([totp()])) {
  const suite = () => describeAttacks(open)
  if (service) describeWith(service, `a second factor on ${name}`, suite)
  else describe(`a second factor on ${name}`, suite)
}

function describeAttacks(open: () => Promise<OpenStore>): void {
  const openScene = async (): Promise<Scene> => {
    const app = await openApp({ store: await open() })
    const { secret, backupCodes } = await app.enrolled('cookie')
    return { app, secret, backupCodes, challenge: (await app.signIn('cookie')).challenge }
  }

  test.each([
    { code: 'the code of now', attack: ({ app, secret }: Scene) => app.code(secret), kind: null },
    {
      code: 'that of half a minute ago',
      attack: ({ app, secret }: Scene) => (app.wait(30), app.code(secret, -1)),
      kind: null,
    },
    { code: 'that of the next half minute', attack: ({ app, secret }: Scene) => app.code(secret, 1), kind: null },
    {
      code: 'written in two parts',
      attack: ({ app, secret }: Scene) => app.code(secret).replace(/.../, '$& '),
      kind: null,
    },
    { code: 'that of a minute ago', attack: ({ app, secret }: Scene) => (app.wait(60), app.code(secret, -2)) },
    { code: 'that of a minute later', attack: ({ app, secret }: Scene) => app.code(secret, 2) },
    { code: 'the one that confirmed it', attack: ({ app, secret }: Scene) => app.code(secret, -1) },
    { code: 'six digits', attack: () => '000000' },
    { code: 'five digits of it', attack: ({ app, secret }: Scene) => app.code(secret).slice(1) },
    { code: 'it and one digit more', attack: ({ app, secret }: Scene) => `${app.code(secret)}0` },
    { code: 'a neighbour’s', attack: async ({ app }: Scene) => app.code((await app.enrolled('cookie', 'bob')).secret) },
    { code: 'a backup code', attack: ({ backupCodes }: Scene) => backupCodes[0] ?? '' },
    { code: 'the secret', attack: ({ secret }: Scene) => secret },
    { code: 'NUL', attack: () => '\0\0\0\0\0\0' },
    { code: 'other digits', attack: () => '१२३४५६' },
  ])('a code: $code', async ({ attack, kind = 'CredentialsSignin' }) => {
    const scene = await openScene()
    const code = await attack(scene)
    expect((await verify(scene.app, scene.challenge, code)).kind).toBe(kind)
  })

  test('a code is accepted once: not in another sign-in, and of many at once in one', async () => {
    const { app, secret } = await openScene()
    const code = app.code(secret)
    const challenges = [await app.signIn('cookie'), await app.signIn('cookie'), await app.signIn('cookie')]
    const answers = await Promise.all(challenges.map(({ challenge }) => verify(app, challenge, code)))
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['CredentialsSignin', 'CredentialsSignin', null])
    const { challenge } = await app.signIn('cookie')
    expect((await verify(app, challenge, code)).kind).toBe('CredentialsSignin')
  })

  test('of many uses of one backup code at once one succeeds', async () => {
    const { app, backupCodes } = await openScene()
    const challenges = await Promise.all(Array.from({ length: 5 }, () => app.signIn('cookie')))
    const use = ({ challenge }: { challenge: string }) =>
      app.client('cookie').mutate('auth.totp.useBackupCode', { challenge, code: backupCodes[0] })
    const kinds = (await Promise.all(challenges.map(use))).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === null)).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'CredentialsSignin')).toHaveLength(4)
  })

  test('of many confirmations at once one succeeds, and its backup codes work', async () => {
    const app = await openApp({ store: await open() })
    const { client } = await app.signIn('cookie')
    const { secret } = (await client.mutate<{ secret: string }>('auth.totp.enrol')).data
    const code = app.code(secret)
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => client.mutate<{ backupCodes: string[] }>('auth.totp.confirm', { code })),
    )
    const [confirmed, ...others] = answers.filter(({ kind }) => kind === null)
    expect(others).toEqual([])
    const { challenge } = await app.signIn('cookie')
    const use = { challenge, code: confirmed?.data.backupCodes[9] }
    expect((await app.client('cookie').mutate('auth.totp.useBackupCode', use)).data.status).toBe('signedIn')
  })

  test('ten wrong codes stop the second step of this person, whatever the challenge, and nobody else’s', async () => {
    const { app, secret, backupCodes } = await openScene()
    const bob = await app.enrolled('cookie', 'bob')
    for (let guess = 0; guess < 10; guess++) {
      const { challenge } = await app.signIn('cookie')
      expect((await verify(app, challenge, '000000')).kind).toBe('CredentialsSignin')
    }
    const { challenge } = await app.signIn('cookie')
    const refused = await verify(app, challenge, app.code(secret))
    expect(refused.error).toMatchObject({ kind: 'RateLimited', retryAfter: expect.any(Number) })
    const use = { challenge, code: backupCodes[0] }
    expect((await app.client('cookie').mutate('auth.totp.useBackupCode', use)).kind).toBe('RateLimited')
    const other = await app.signIn('cookie', 'bob')
    expect((await verify(app, other.challenge, app.code(bob.secret))).kind).toBeNull()
  })

  test('a challenge of another person is answered by their code alone', async () => {
    const { app, secret, backupCodes } = await openScene()
    const bob = await app.enrolled('cookie', 'bob')
    const { client, challenge } = await app.signIn('cookie', 'bob')
    expect((await verify(app, challenge, app.code(secret))).kind).toBe('CredentialsSignin')
    const use = { challenge, code: backupCodes[0] }
    expect((await client.mutate('auth.totp.useBackupCode', use)).kind).toBe('CredentialsSignin')
    await client.mutate('auth.totp.verify', { challenge, code: app.code(bob.secret) })
    expect(await client.whoAmI()).toBe('bob')
  })

  test('nothing in the tables is a secret or a backup code', async () => {
    const store = await open()
    const app = await openApp({ store })
    const { secret, backupCodes } = await app.enrolled('cookie')
    const kept = `${await store.dump('totp_secrets')} ${await store.dump('totp_backup_codes')} ${await store.dump('totp_enrolments')}`
    expect(kept).not.toContain(secret)
    for (const code of backupCodes) expect(kept.toLowerCase()).not.toContain(code.replaceAll('-', ''))
  })
}
