import { afterEach, describe, expect, test } from 'vitest'
import { listStores, type OpenStore } from '../../../test/support/stores.ts'
import { describeWith } from '../../kysely/test/services.ts'
import { bcrypt } from '../src/legacy/index.ts'
import { password } from '../src/index.ts'
import { GOOD, OTHER, type PasswordApp, startPasswordApp } from './support/app.ts'

const ann = { email: 'ann@example.com', password: GOOD }
const signIn = { provider: 'password', ...ann }
/** Of `GOOD`, made with bcryptjs. */
const BCRYPT = '$2b$10$iQKmu9FP46xge9rZ6thHm.5JgP3guMocuok37wmJw4vYQAd/OGFda'

for (const { name, service, open } of await listStores([password()])) {
  const suite = () => describePasswords(open)
  if (service) describeWith(service, `passwords on ${name}`, suite)
  else describe(`passwords on ${name}`, suite)
}

function describePasswords(open: () => Promise<OpenStore>): void {
  let store: OpenStore
  let app: PasswordApp
  afterEach(async () => {
    await app.stop()
    await store.close()
  })

  test('R05: refreshes of another device during a change of password leave it no live token, 20 rounds', async () => {
    store = await open()
    app = await startPasswordApp({ store })
    for (let round = 0; round < 20; round++) {
      const [email, address] = [`user-${round}@example.com`, `203.0.113.${round}`]
      const [owner, device] = [app.client('token', { address }), app.client('token', { address })]
      await owner.mutate('auth.password.signUp', { email, password: GOOD })
      await device.mutate('auth.signIn', { provider: 'password', email, password: GOOD })
      const refresh = (refreshToken = device.tokens?.refreshToken) =>
        app.client('token', { address }).mutate<{ readonly refreshToken: string }>('auth.token', { refreshToken })
      const [changed, ...answers] = await Promise.all([
        owner.mutate('auth.password.change', { current: GOOD, next: OTHER }),
        ...Array.from({ length: 5 }, () => refresh()),
      ])
      expect(changed.status).toBe(200)
      for (const { kind, data } of answers) {
        expect([null, 'SessionRevoked']).toContain(kind)
        if (kind === null) expect((await refresh(data.refreshToken)).kind).toBe('SessionRevoked')
      }
      expect((await refresh()).kind).toBe('SessionRevoked')
      expect((await device.query('guarded')).status).toBe(401)
      expect((await owner.query('guarded')).status).toBe(200)
    }
  })

  test('D03: twenty sign-ups at once with one address in many spellings make one user', async () => {
    store = await open()
    app = await startPasswordApp({ store })
    const spellings = Array.from({ length: 20 }, (_, index) => spell('ann@example.com', index))
    const answers = await Promise.all(
      spellings.map((email, index) =>
        app
          .client('cookie', { address: `203.0.113.${index}` })
          .mutate('auth.password.signUp', { email, password: GOOD }),
      ),
    )
    const kinds = answers.map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === null)).toHaveLength(1)
    expect(new Set(kinds)).toEqual(new Set([null, 'EmailTaken']))
    expect(app.told.filter(({ name }) => name === 'events.createUser')).toHaveLength(1)
    expect(await app.client('cookie').mutate('auth.signIn', signIn)).toMatchObject({ status: 200 })
  })

  test('D03: twenty links that verify one address at once make one user', async () => {
    store = await open()
    app = await startPasswordApp({
      store,
      mail: true,
      password: { mailLimits: { perAddress: { max: 50, window: 60 } } },
    })
    const tokens: string[] = []
    for (let index = 0; index < 10; index++) {
      await app.client('cookie').mutate('auth.password.signUp', { ...ann, email: spell('ann@example.com', index) })
      tokens.push((await app.nextMail('verifyEmail', 'ann@example.com')).token)
    }
    const answers = await Promise.all(
      [...tokens, ...tokens].map((token) =>
        app.client('cookie').mutate('auth.password.verifyEmail', { token, password: GOOD }),
      ),
    )
    expect(answers.filter(({ kind }) => kind === null)).toHaveLength(1)
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set([null, 'InvalidToken']))
    expect(await app.client('cookie').mutate('auth.signIn', signIn)).toMatchObject({ status: 200 })
  })

  test('E01: of twenty resets at once with one token, one succeeds', async () => {
    store = await open()
    app = await startPasswordApp({ store, mail: true, password: { verify: false } })
    await app.client('cookie').mutate('auth.password.signUp', ann)
    await app.client('cookie').mutate('auth.password.forgot', { email: 'ann@example.com' })
    const { token } = await app.nextMail('resetPassword', 'ann@example.com')
    const clients = Array.from({ length: 20 }, () => app.client('cookie'))
    const answers = await Promise.all(
      clients.map((client, index) => client.mutate('auth.password.reset', { token, password: `${OTHER} ${index}` })),
    )
    const winners = answers.flatMap(({ kind }, index) => (kind === null ? [index] : []))
    expect(winners).toHaveLength(1)
    for (const index of [winners[0] ?? 0]) {
      expect(await clients[index]?.whoAmI()).not.toBeNull()
      const attempt = { provider: 'password', email: ann.email, password: `${OTHER} ${index}` }
      expect(await app.client('cookie').mutate('auth.signIn', attempt)).toMatchObject({ status: 200 })
    }
  })

  test('of ten changes at once, one succeeds', async () => {
    store = await open()
    app = await startPasswordApp({ store })
    const clients = Array.from({ length: 10 }, (_, index) => app.client('cookie', { address: `203.0.113.${index}` }))
    await clients[0]?.mutate('auth.password.signUp', ann)
    for (const client of clients.slice(1)) await client.mutate('auth.signIn', signIn)
    const answers = await Promise.all(
      clients.map((client, index) =>
        client.mutate('auth.password.change', { current: GOOD, next: `${OTHER} ${index}` }),
      ),
    )
    expect(answers.filter(({ kind }) => kind === null)).toHaveLength(1)
    const alive = await Promise.all(clients.map((client) => client.whoAmI()))
    expect(alive.filter((id) => id !== null)).toHaveLength(1)
  })

  test('P13: hashes are argon2id with salts of their own; an old one is replaced at the next sign-in', async () => {
    store = await open()
    app = await startPasswordApp({ store, password: { legacy: [bcrypt()] } })
    await app.client('cookie').mutate('auth.password.signUp', ann)
    await app.client('cookie').mutate('auth.password.signUp', { ...ann, email: 'bob@example.com' })
    await app.adapter.createUser?.({ id: 'eve', email: 'eve@example.com' })
    const { importPasswordHash } = readAccounts(app)
    expect(await importPasswordHash({ userId: 'eve', hash: BCRYPT })).toBe(true)
    expect(await importPasswordHash({ userId: 'eve', hash: BCRYPT })).toBe(false)
    await expect(importPasswordHash({ userId: 'eve', hash: 'plain text' })).rejects.toMatchObject({
      kind: 'Configuration',
    })
    const before = await store.dump('password_hashes')
    if (before) expect(before).toContain('$2b$10$')

    const eve = { ...signIn, email: 'eve@example.com' }
    expect(await app.client('cookie').mutate('auth.signIn', { ...eve, password: OTHER })).toMatchObject({
      kind: 'CredentialsSignin',
    })
    expect(await app.client('cookie').mutate('auth.signIn', eve)).toMatchObject({ status: 200 })
    expect(await app.client('cookie').mutate('auth.signIn', eve)).toMatchObject({ status: 200 })
    const rows = (await store.dump('password_hashes')) ?? ''
    expect(rows).not.toContain('$2b$10$')
    if (rows) {
      const salts = [...rows.matchAll(/\$argon2id\$v=19\$m=19456,t=2,p=1\$([\w+/]{22,})\$/g)].map(([, salt]) => salt)
      expect(new Set(salts).size).toBe(3)
      expect(rows).not.toContain(GOOD)
    }
  })

  test('tokens are stored as digests, and rows that have expired are deleted', async () => {
    store = await open()
    app = await startPasswordApp({ store, mail: true, now: Date.UTC(2026, 10, 29) })
    await app.client('cookie').mutate('auth.password.signUp', ann)
    const { token } = await app.nextMail('verifyEmail', 'ann@example.com')
    const rows = await store.dump('password_sign_ups')
    if (rows) expect(rows).toContain('ann@example.com')
    expect(rows ?? '').not.toContain(token)
    app.wait(90_000)
    await app.adapter.deleteExpired({ now: new Date(Date.UTC(2026, 10, 30, 2)) })
    expect((await store.dump('password_sign_ups')) ?? '[]').toBe('[]')
  })
}

/** The same address in another case for each number. */
function spell(email: string, number: number): string {
  return Array.from(email, (letter, index) => ((number >> (index % 5)) & 1 ? letter.toUpperCase() : letter)).join('')
}

interface Accounts {
  readonly importPasswordHash: (params: { userId: string; hash: string }) => Promise<boolean>
}

function readAccounts(app: PasswordApp): Accounts {
  return (app.auth as unknown as { accounts: Accounts }).accounts // the test app's types know no plug-in
}
