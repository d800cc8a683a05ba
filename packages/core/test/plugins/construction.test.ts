import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  type Adapter,
  type AnyPlugin,
  createAuth,
  credentials,
  definePlugin,
  memoryAdapter,
  mutation,
  query,
  type RequestSource,
  table,
  text,
} from '@latchkey/core'

const secret = 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa'
const codes = table({ code: text() }, { unique: [['code']] })
const plain = (id: string): AnyPlugin => definePlugin({ id, setup: () => ({}) })
const noop = query({ access: 'public', run: () => 'done' })

function build(plugins: readonly AnyPlugin[], adapter: Adapter | undefined = memoryAdapter()) {
  return createAuth({ secret, session: { strategy: 'jwt' }, plugins, ...(adapter && { adapter }) })
}

test('a plug-in may be called account, and add to that group', () => {
  const account = definePlugin({ id: 'account', setup: () => ({ operations: { rename: noop } }) })
  const paths = build([account]).operations.map(({ router }) => router?.join('.'))
  expect(paths).toEqual(expect.arrayContaining(['account.delete', 'account.export', 'account.rename', 'accounts.list']))
})

test('a plug-in with tables, kinds, claims, operations and a factor is installed', () => {
  const plugin = definePlugin({
    id: 'invitation',
    tables: { codes },
    errors: { InvitationUsed: { code: 'FORBIDDEN', message: 'This invitation was used.' } },
    claims: { team: z.string() },
    needs: ['getUser'],
    setup: () => ({ operations: { mine: noop }, factors: { mail: { isDue: () => false } } }),
  })
  expect(() => build([plugin])).not.toThrow()
})

describe('refused at construction, by name and with the fix', () => {
  const error = { code: 'FORBIDDEN', message: 'No.' } as const
  const provider = credentials({
    id: 'card',
    input: z.object({ pin: z.string() }),
    identify: null,
    authorize: () => null,
  })
  const withErrors = (id: string, kind: string): AnyPlugin =>
    definePlugin({ id, errors: { [kind]: error }, setup: () => ({}) })
  const withClaim = (id: string): AnyPlugin => definePlugin({ id, claims: { org: z.string() }, setup: () => ({}) })
  const withTable = (id: string, name: string): AnyPlugin =>
    definePlugin({ id, tables: { [name]: codes }, setup: () => ({}) })
  const withOperation = (name: string): AnyPlugin =>
    definePlugin({ id: 'one', setup: () => ({ operations: { [name]: noop } }) })
  const withFactor = (id: string): AnyPlugin =>
    definePlugin({ id, setup: () => ({ factors: { totp: { isDue: () => false } } }) })
  const withProvider = (id: string): AnyPlugin => definePlugin({ id, setup: () => ({ providers: [provider] }) })
  const withEndpoint = (path: string): AnyPlugin =>
    definePlugin({
      id: 'one',
      setup: () => ({
        endpoints: {
          back: { method: 'GET', run: () => new Response() },
          other: { method: 'GET', path, run: () => new Response() },
        },
      }),
    })
  const withParts = (parts: object): AnyPlugin => ({ id: 'one', setup: () => parts })
  const authJs: Adapter = { getUser: () => null }

  test.each([
    { what: 'an id twice', plugins: [plain('one'), plain('one')], says: /"one" is taken/ },
    {
      what: 'an id that is no name',
      plugins: [plain('no-name')],
      says: /"no-name" can't be a plug-in's id: .*camelCase/,
    },
    { what: 'a name on ctx.auth', plugins: [plain('signIn')], says: /"signIn".*ctx\.auth/ },
    { what: 'a name on tRPC’s ctx.auth', plugins: [plain('hasBody')], says: /"hasBody".*ctx\.auth/ },
    {
      what: 'an address among those of the library’s sign-in',
      plugins: [
        definePlugin({
          id: 'one',
          setup: () => ({
            operations: {
              begin: mutation({ access: 'public', http: { method: 'POST', path: 'signin/card' }, run: () => 'done' }),
            },
          }),
        }),
      ],
      says: /two operations have the address POST signin\/card/,
    },
    { what: 'a group of the library’s own', plugins: [plain('accounts')], says: /"accounts".*ctx\.auth/ },
    {
      what: 'an operation that the group account has',
      plugins: [definePlugin({ id: 'account', setup: () => ({ operations: { delete: noop } }) })],
      says: /plugins\.account\.operations: "delete" is there already/,
    },
    {
      what: 'ways that can’t be removed',
      plugins: [withParts({ ways: { list: () => [] } })],
      says: /plugins\.one\.ways: write \{ list\(userId\).*removeAll/,
    },
    {
      what: 'a function for the server that another plug-in has',
      plugins: [
        withParts({ accounts: { tokenOf: () => '' } }),
        { ...withParts({ accounts: { tokenOf: () => '' } }), id: 'two' },
      ],
      says: /plugins\.two\.accounts\.tokenOf: another plug-in/,
    },
    { what: 'a word of session.via', plugins: [plain('bearer')], says: /"bearer".*session\.via/ },
    { what: 'a name on promises', plugins: [plain('then')], says: /"then".*promises/ },
    { what: 'a name in tRPC', plugins: [plain('query')], says: /"query".*tRPC/ },
    { what: 'a kind of the library', plugins: [withErrors('one', 'NotFound')], says: /errors\.NotFound: .*library/ },
    {
      what: 'a kind of another plug-in',
      plugins: [withErrors('one', 'Used'), withErrors('two', 'Used')],
      says: /plugins\.two\.errors\.Used: .*"one"/,
    },
    { what: 'a kind that is no name', plugins: [withErrors('one', 'not a kind')], says: /PascalCase/ },
    {
      what: 'a claim of another plug-in',
      plugins: [withClaim('one'), withClaim('two')],
      says: /plugins\.two\.claims: "org"/,
    },
    {
      what: 'a factor of another plug-in',
      plugins: [withFactor('one'), withFactor('two')],
      says: /plugins\.two\.factors\.totp/,
    },
    {
      what: 'a provider of another plug-in',
      plugins: [withProvider('one'), withProvider('two')],
      says: /plugins\.two\.providers: .*"card"/,
    },
    {
      what: 'a table of another plug-in',
      plugins: [withTable('one', 'twoCodes'), withTable('oneTwo', 'codes')],
      says: /"one" has a table "one_two_codes"/,
    },
    {
      what: 'an operation named as on promises',
      plugins: [withOperation('catch')],
      says: /"catch" can't be an operation's name/,
    },
    { what: 'an address twice', plugins: [withEndpoint('back')], says: /"GET one\/back" is taken/ },
    { what: 'a path that leads out', plugins: [withEndpoint('../session')], says: /is no path/ },
    {
      what: 'an endpoint without a function',
      plugins: [withParts({ endpoints: { back: { method: 'GET' } } })],
      says: /plugins\.one\.endpoints\.back: .*run/,
    },
    {
      what: 'an endpoint of another method',
      plugins: [withParts({ endpoints: { back: { method: 'get', run: () => new Response() } } })],
      says: /plugins\.one\.endpoints\.back: .*'GET' or 'POST'/,
    },
    {
      what: 'a credential that nothing opens',
      plugins: [withParts({ credential: { find: () => null } })],
      says: /plugins\.one\.credential: .*open/,
    },
    {
      what: 'a setup that returns a promise',
      plugins: [{ id: 'one', setup: async () => ({}) } as unknown as AnyPlugin],
      says: /not a promise/,
    },
    {
      what: 'a setup that throws',
      plugins: [
        definePlugin({
          id: 'one',
          setup: (): {} => {
            throw new Error('oops')
          },
        }),
      ],
      says: /plugins\.one: its setup\(\) threw/,
    },
    { what: 'no plug-in at all', plugins: [{ id: 'one' } as unknown as AnyPlugin], says: /definePlugin/ },
  ])('$what', ({ plugins, says }) => {
    expect(() => build(plugins)).toThrow(
      expect.objectContaining({ kind: 'Configuration', message: expect.stringMatching(says) }),
    )
  })

  test('a claim that the app has declared', () => {
    expect(() => createAuth({ secret, claims: { org: z.string() }, plugins: [withClaim('one')] })).toThrow(
      /plugins\.one\.claims: "org"/,
    )
  })

  test('a provider that the app has', () => {
    expect(() => createAuth({ secret, providers: [provider], plugins: [withProvider('one')] })).toThrow(
      /"card" already/,
    )
  })

  test('a method in `needs` that the adapter lacks, and no adapter', () => {
    const plugin = definePlugin({ id: 'one', needs: ['getUserByEmail'], setup: () => ({}) })
    expect(() => build([plugin], authJs)).toThrow(/lacks getUserByEmail\(\), which the plug-in "one" needs/)
    expect(() => createAuth({ secret, plugins: [plugin] })).toThrow(/"one" needs getUserByEmail: pass an adapter/)
  })

  test('a part whose name is misspelt', () => {
    const plugin = definePlugin({
      id: 'steps',
      setup: () => ({ operations: { noop }, factor: { code: { isDue: () => true } } }),
    })
    expect(() => build([plugin])).toThrow(/plugins\.steps: its setup\(\) returned "factor".*factors/)
  })

  test('tables that nothing keeps; beside such an adapter `tables` keeps them', () => {
    expect(() => build([withTable('one', 'codes')], authJs)).toThrow(/kyselyTables/)
    expect(() =>
      createAuth({
        secret,
        session: { strategy: 'jwt' },
        adapter: authJs,
        tables: memoryAdapter(),
        plugins: [withTable('one', 'codes')],
      }),
    ).not.toThrow()
  })
})

describe('what a plug-in is given', () => {
  test('an error of its own kind has its code and its fixed text, and one of the library is the library’s', () => {
    const seen: unknown[] = []
    build([
      definePlugin({
        id: 'one',
        errors: { InvitationUsed: { code: 'CONFLICT', message: 'This invitation was used.' } },
        setup: ({ error }) => {
          seen.push(error('InvitationUsed', { detail: 'by ann' }), error('NotFound'))
          return {}
        },
      }),
    ])
    expect(seen).toMatchObject([
      { name: 'AuthError', kind: 'InvitationUsed', code: 'CONFLICT', status: 409, publicMessage: 'InvitationUsed: This invitation was used.', message: 'InvitationUsed: by ann' }, // prettier-ignore
      { kind: 'NotFound', code: 'NOT_FOUND', status: 404 },
    ])
  })

  test('its log lines begin with its id', () => {
    const lines: string[] = []
    const logger = { error: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) }
    createAuth({
      secret,
      logger,
      plugins: [definePlugin({ id: 'one', setup: ({ logger: own }) => (own.warn('look'), {}) })],
    })
    expect(lines).toEqual(['one: look'])
  })

  test('what it seals opens for this plug-in and purpose only, and only in time', async () => {
    let now = new Date('2026-01-01T00:00:00Z')
    interface Seals {
      seal: (purpose: string, value: Readonly<Record<string, unknown>>, maxAge: number) => Promise<string>
      unseal: (purpose: string, sealed: string) => Promise<Readonly<Record<string, unknown>> | null>
      hash: (value: string) => string | Promise<string>
    }
    const seen: Seals[] = []
    const keep = (id: string) => definePlugin({ id, setup: (engine) => (seen.push(engine), {}) })
    createAuth({ secret, clock: () => now, plugins: [keep('one'), keep('two')] })
    const [one, two] = seen as [Seals, Seals]
    const sealed = await one.seal('state', { to: '/' }, 60)
    expect(await one.unseal('state', sealed)).toEqual({ to: '/' })
    expect(await one.unseal('other', sealed)).toBeNull()
    expect(await two.unseal('state', sealed)).toBeNull()
    expect(await one.unseal('state', `${sealed.slice(0, -2)}AA`)).toBeNull()
    expect(await one.unseal('state', 'rubbish')).toBeNull()
    now = new Date(now.getTime() + 60_000)
    expect(await one.unseal('state', sealed)).toBeNull()
    expect(await one.hash('text')).toMatch(/^[\w-]{43}$/)
    expect(await one.hash('text')).not.toBe(await two.hash('text'))
  })

  test('what its tables throw is an AdapterError', async () => {
    const broken = memoryAdapter()
    let insert: (() => Promise<boolean>) | undefined
    const adapter = {
      ...broken,
      table: (...args: Parameters<typeof broken.table>) => ({
        ...broken.table(...args),
        insert: () => Promise.reject(new Error('the disk is full')),
      }),
    } as unknown as Adapter // its table fits one spec, not every
    build(
      [
        definePlugin({
          id: 'one',
          tables: { codes },
          setup: ({ tables }) => ((insert = () => tables.codes.insert({ code: 'a' })), {}),
        }),
      ],
      adapter,
    )
    await expect(insert?.()).rejects.toMatchObject({ kind: 'AdapterError' })
  })

  test('its providers can be signed in with, like the app’s own', async () => {
    const auth = build([
      definePlugin({
        id: 'one',
        setup: () => ({
          providers: [
            credentials({ id: 'card', input: z.object({ pin: z.string() }), identify: null, authorize: () => null }),
          ],
          operations: { wait: mutation({ access: 'public', run: () => null }) },
        }),
      }),
    ])
    const source: RequestSource = {
      method: 'GET',
      header: () => null,
      response: { writability: () => 'none', setCookie: () => {}, noStore: () => {} },
    }
    expect(await auth.createContext(source).providers()).toEqual([
      { id: 'card', name: 'Credentials', type: 'credentials' },
    ])
  })
})
