import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { describeWith } from '../../kysely/test/services.ts'
import { apiKeys, type ApiKeyInfo, type NewApiKey } from '../src/index.ts'
import { type App, type AppOptions, type Caller, startApp } from './support/app.ts'
import { listStores, type OpenStore } from '../../../test/support/stores.ts'

const CREATE = 'auth.apiKey.create'
const READ = { name: 'ci', scopes: ['posts:read'] } as const

for (const { name, service, open } of await listStores([apiKeys({ scopes: ['posts:read'] })])) {
  const suite = () => describeKeys(open)
  if (service) describeWith(service, `API keys on ${name}`, suite)
  else describe(`API keys on ${name}`, suite)
}

function describeKeys(open: () => Promise<OpenStore>): void {
  let store: OpenStore
  const apps: App[] = []

  beforeAll(async () => void (store = await open()))
  afterAll(() => store?.close())
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.stop()
  })

  const start = async (options: Omit<AppOptions, 'adapter'> = {}) => {
    const app = await startApp({ adapter: store.adapter, ...options })
    apps.push(app)
    return app
  }
  /** Somebody new, signed in, with a key. */
  const open1 = async (options: Omit<AppOptions, 'adapter'> = {}, input: object = READ) => {
    const app = await start(options)
    const id = `user-${crypto.randomUUID()}`
    const person = await app.signIn(id)
    const made = await create(person, input)
    return { app, id, person, made, program: app.as({ authorization: `Bearer ${made.key}` }) }
  }
  const create = async (person: Caller, input: object = READ) => {
    const { data, kind } = await person.mutate<NewApiKey>(CREATE, input)
    expect(kind).toBeNull()
    return data
  }
  const list = async (person: Caller) => (await person.query<ApiKeyInfo[]>('auth.apiKey.list')).data

  test('a key is shown once and works as a bearer token and in x-api-key, as its user', async () => {
    const { app, id, person, made, program } = await open1()
    expect(made.key).toMatch(/^lk_[0-9A-Za-z]{36}$/)
    expect(made.key.startsWith(made.start)).toBe(true)
    const caller = { user: id, roles: [], via: 'apiKey', id: made.id }
    expect(await program.query('read')).toMatchObject({ status: 200, data: caller })
    expect(await app.as({ 'x-api-key': made.key }).query('read')).toMatchObject({ data: caller })
    const [info, ...others] = await list(person)
    expect(others).toEqual([])
    expect(info).toMatchObject({ id: made.id, name: 'ci', start: made.start, scopes: ['posts:read'], expires: null })
    expect(JSON.stringify(info)).not.toContain(made.key)
  })

  test('the store keeps no key, only a digest', async () => {
    const { made } = await open1()
    const rows = await store.dump('api_key_keys')
    if (rows === null) return
    expect(rows).toContain(made.start)
    expect(rows).not.toContain(made.key)
    expect(rows).not.toContain(made.key.slice(10))
  })

  test('a scope that it lacks is refused, and so is everything that needs a session', async () => {
    const { program } = await open1()
    expect(await program.mutate('write')).toMatchObject({ status: 403, kind: 'InsufficientScope' })
    for (const path of ['account', 'auth.apiKey.list']) {
      expect(await program.query(path)).toMatchObject({ status: 403, kind: 'NotASession' })
    }
    expect(await program.mutate(CREATE, READ)).toMatchObject({ status: 403, kind: 'NotASession' })
    expect(await program.mutate('auth.signOut')).toMatchObject({ status: 403, kind: 'NotASession' })
  })

  test('rotating replaces it at once, under the same id', async () => {
    const { app, person, made, program } = await open1({}, { ...READ, scopes: ['posts:read', 'posts:write'] })
    const rotated = (await person.mutate<NewApiKey>('auth.apiKey.rotate', { id: made.id })).data
    expect(rotated).toMatchObject({ id: made.id, name: 'ci', scopes: ['posts:read', 'posts:write'], lastUsedAt: null })
    expect(await program.query('read')).toMatchObject({ status: 401, kind: 'InvalidApiKey' })
    expect(await app.as({ 'x-api-key': rotated.key }).mutate('write')).toMatchObject({ data: 'written' })
  })

  test('of several that rotate a key at once exactly one gets a new key, and that works', async () => {
    const app = await startApp({ adapter: withReadersFirst(store.adapter, 4) })
    apps.push(app)
    const person = await app.signIn(`user-${crypto.randomUUID()}`)
    const made = await create(person)
    const calls = Array.from({ length: 4 }, () => person.mutate<NewApiKey>('auth.apiKey.rotate', { id: made.id }))
    const answers = await Promise.all(calls)
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['NotFound', 'NotFound', 'NotFound', null])
    const key = answers.find(({ kind }) => kind === null)?.data.key ?? ''
    expect(await app.as({ 'x-api-key': key }).query('read')).toMatchObject({ status: 200 })
  })

  test('it is renamed, and revoked at once', async () => {
    const { person, made, program } = await open1()
    await person.mutate('auth.apiKey.rename', { id: made.id, name: ' nightly ' })
    expect(await list(person)).toMatchObject([{ id: made.id, name: 'nightly' }])
    expect(await person.mutate('auth.apiKey.revoke', { id: made.id })).toMatchObject({ data: { revoked: true } })
    expect(await program.query('read')).toMatchObject({ status: 401, kind: 'InvalidApiKey' })
    expect(await list(person)).toEqual([])
    expect(await person.mutate('auth.apiKey.revoke', { id: made.id })).toMatchObject({ kind: 'NotFound' })
  })

  test('nobody can list, rename, rotate or revoke another’s', async () => {
    const { app, made, program } = await open1()
    const other = await app.signIn(`user-${crypto.randomUUID()}`)
    expect(await list(other)).toEqual([])
    for (const [operation, input] of [
      ['rename', { name: 'mine' }],
      ['rotate', {}],
      ['revoke', {}],
    ] as const) {
      // prettier-ignore
      const answer = await other.mutate(`auth.apiKey.${operation}`, { id: made.id, ...input })
      expect(answer).toMatchObject({ status: 404, kind: 'NotFound' })
    }
    expect(await program.query('read')).toMatchObject({ status: 200 })
  })

  test('it ends when it was said to, and no later than maxAge', async () => {
    let now = Date.now()
    const options = { clock: () => new Date(now), maxAge: '10d' } as const
    const { app, person, made } = await open1(options, { ...READ, expiresIn: '1d' })
    const limited = await create(person)
    expect(new Date(made.expires ?? 0).getTime()).toBe(now + 86_400_000)
    expect(new Date(limited.expires ?? 0).getTime()).toBe(now + 864_000_000)
    expect(await person.mutate(CREATE, { ...READ, expiresIn: '11d' })).toMatchObject({
      status: 400,
      kind: 'InvalidInput',
    })
    const program = app.as({ 'x-api-key': made.key })
    now += 86_399_999
    expect(await program.query('read')).toMatchObject({ status: 200 })
    now += 1
    expect(await program.query('read')).toMatchObject({ status: 401, kind: 'ApiKeyExpired' })
  })

  test('one that has expired isn’t rotated: its end would stay what it is', async () => {
    let now = Date.now()
    const { person, made } = await open1({ clock: () => new Date(now) }, { ...READ, expiresIn: 60 })
    now += 59_999
    expect(await person.mutate('auth.apiKey.rotate', { id: made.id })).toMatchObject({ status: 200 })
    now += 1
    expect(await person.mutate('auth.apiKey.rotate', { id: made.id })).toMatchObject({ kind: 'NotFound' })
  })

  test('when it was used is written at most once a minute', async () => {
    let now = Date.now()
    const { person, program } = await open1({ clock: () => new Date(now) })
    const began = now
    const lastUsed = async () => new Date((await list(person))[0]?.lastUsedAt ?? 0).getTime()
    await program.query('read')
    now += 59_999
    await program.query('read')
    expect(await lastUsed()).toBe(began)
    now += 1
    await Promise.all([program.query('read'), program.query('read'), program.query('read')])
    expect(await lastUsed()).toBe(began + 60_000)
  })

  test('its requests are limited, for two instances together', async () => {
    const window = 60_000
    let now = Math.ceil(Date.now() / window) * window
    const options = { clock: () => new Date(now), rateLimit: { max: 4, window: '1m' } } as const
    const { program, made } = await open1(options)
    const elsewhere = (await start(options)).as({ 'x-api-key': made.key })
    now += 20_000
    const answers = await Promise.all(
      [program, elsewhere, program, elsewhere, program, elsewhere].map((one) => one.query('read')),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 429, 429])
    expect(await program.query('read')).toMatchObject({ kind: 'RateLimited', retryAfter: 40 })
    now += 40_000
    expect(await program.query('read')).toMatchObject({ status: 200 })
  })

  test('nobody has more than maxPerUser, however many are made at once; one that has expired takes no place', async () => {
    let now = Date.now()
    const { person } = await open1({ maxPerUser: 3, clock: () => new Date(now) }, { ...READ, expiresIn: 60 })
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => person.mutate(CREATE, READ)))
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(
      [null, null, 'TooManyApiKeys', 'TooManyApiKeys', 'TooManyApiKeys'].toSorted(),
    )
    expect(await list(person)).toHaveLength(3)
    now += 61_000
    expect(await person.mutate(CREATE, READ)).toMatchObject({ status: 200 })
  })

  test('roles and claims are what the claims option says, as far as they are declared', async () => {
    const { id, made } = await open1()
    const claimed = await start({ claims: (user) => ({ roles: ['robot', user.id] }) })
    const program = claimed.as({ 'x-api-key': made.key })
    expect(await program.query('read')).toMatchObject({ data: { user: id, roles: ['robot'] } })
  })

  test('a deleted user’s keys are gone with them', async () => {
    const { app, id, program } = await open1()
    await app.auth.deleteUser(id)
    expect(await program.query('read')).toMatchObject({ status: 401, kind: 'InvalidApiKey' })
  })

  test('making and rotating one asks for a recent sign-in', async () => {
    let now = Date.now()
    const { person, made } = await open1({ clock: () => new Date(now) })
    now += 11 * 60_000
    expect(await person.mutate(CREATE, READ)).toMatchObject({ status: 403, kind: 'StepUpRequired' })
    expect(await person.mutate('auth.apiKey.rotate', { id: made.id })).toMatchObject({ kind: 'StepUpRequired' })
    expect(await person.mutate('auth.apiKey.revoke', { id: made.id })).toMatchObject({ data: { revoked: true } })
  })
}

/** A store in which the first updates of keys wait until so many are asked for: then all who want one have read the key. */
function withReadersFirst(adapter: OpenStore['adapter'], count: number): OpenStore['adapter'] {
  let begin = () => {}
  const allHaveRead = new Promise<void>((resolve) => void (begin = resolve))
  let updates = 0
  return {
    ...adapter,
    table: (name, spec) => {
      const table = adapter.table(name, spec)
      if (name !== 'api_key_keys') return table
      return {
        ...table,
        update: async (...args) => {
          if (++updates === count) begin()
          await allHaveRead
          return table.update(...args)
        },
      }
    },
  }
}
