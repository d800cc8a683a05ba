import type { ServerResponse } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import type { CompleteAdapter, TableStore } from '@latchkey/core'
import { type Interfere, interferingAdapter } from '../../../test/support/interfering.ts'
import type { AccessTokenQuery } from '../src/index.ts'
import { tables } from '../src/tables.ts'
import { getAccess } from './support/access.ts'
import { type Against, openAgainst } from './support/against.ts'
import type { Json } from './support/scripted-provider.ts'

/** An app, and a provider that rotates refresh tokens. The first access token is due at once, the others end within the hour. */
interface Lab extends Against {
  readonly adapter: CompleteAdapter & TableStore
  /** Somebody signs in. `refreshToken`: what the provider hands out this time. @returns what is asked for their token with */
  readonly enter: (refreshToken?: string) => Promise<AccessTokenQuery>
  /** Runs something before one of the next updates of tokens: of a refresh the first claims the row and the second writes it. */
  readonly before: (update: number, run: () => Promise<unknown>) => void
  /** The refresh tokens that the provider was sent. */
  readonly sent: () => readonly (string | null)[]
}

const HOUR = 3_600
let lab: Lab
afterEach(() => lab.stop())

async function open(): Promise<Lab> {
  let interfere: Interfere = async () => {}
  let given: string | undefined
  let [accesses, refreshes] = [0, 0]
  const adapter = interferingAdapter((table, method) => interfere(table, method))
  const tokens = ({ id_token, ...right }: Json): Json => {
    const isRefresh = against.op.asked.at(-1)?.get('grant_type') === 'refresh_token'
    const refresh_token = isRefresh ? `rotated ${++refreshes}` : given
    return {
      ...right,
      access_token: `access ${++accesses}`,
      ...(accesses === 1 && { expires_in: 1 }),
      ...(refresh_token !== undefined && { refresh_token }),
      ...(!isRefresh && { id_token }),
    }
  }
  const against = await openAgainst({ tokens }, { adapter, now: Date.now() })
  return {
    ...against,
    adapter,
    enter: async (refreshToken) => {
      given = refreshToken
      const ann = against.person()
      expect((await ann.signIn()).kind).toBeNull()
      return { userId: (await ann.client.whoAmI()) ?? '', provider: 'op' }
    },
    before: (update, run) => {
      let updates = 0
      interfere = async (table, method) => {
        if (`${table}.${method}` === 'oauth_tokens.update' && ++updates === update) await run()
      }
    },
    sent: () =>
      against.op.asked.filter((body) => body.get('grant_type') === 'refresh_token').map((b) => b.get('refresh_token')),
  }
}

const tokensOf = ({ adapter }: Lab) => adapter.table('oauth_tokens', tables.tokens)

/** Whether somebody refreshes the tokens of a person. */
async function isClaimed({ userId }: AccessTokenQuery): Promise<boolean> {
  const [row] = await tokensOf(lab).list({ where: { user: userId }, limit: 1 })
  return row !== undefined && row.busyUntil > row.updatedAt
}

test('a sign-in without a refresh token, before a refresh writes: the rotated one is kept, with the access token of the sign-in', async () => {
  lab = await open()
  const query = await lab.enter('first')
  lab.before(2, () => lab.enter())
  expect(await getAccess(lab.app, query)).toMatchObject({ accessToken: 'access 3' })
  expect(await getAccess(lab.app, query)).toMatchObject({ accessToken: 'access 3' })
  expect(lab.sent()).toEqual(['first'])
  lab.app.wait(HOUR)
  expect(await getAccess(lab.app, query)).toMatchObject({ accessToken: 'access 4' })
  expect(lab.sent()).toEqual(['first', 'rotated 1'])
})

test('a refresh, before a sign-in without a refresh token writes: the rotated one is kept, with the access token of the sign-in', async () => {
  lab = await open()
  const query = await lab.enter('first')
  lab.before(1, () => getAccess(lab.app, query))
  await lab.enter()
  expect(lab.sent()).toEqual(['first'])
  expect(await getAccess(lab.app, query)).toMatchObject({ accessToken: 'access 2' })
  lab.app.wait(HOUR)
  expect(await getAccess(lab.app, query)).toMatchObject({ accessToken: 'access 4' })
  expect(lab.sent()).toEqual(['first', 'rotated 1'])
})

test('two sign-ins while a refresh writes: the rotated refresh token is kept', async () => {
  lab = await open()
  const query = await lab.enter('first')
  lab.before(2, async () => {
    lab.before(2, () => lab.enter()) // the next is this sign-in's, then the refresh is at it again
    await lab.enter()
  })
  expect(await getAccess(lab.app, query)).toMatchObject({ accessToken: 'access 4' })
  lab.app.wait(HOUR)
  await getAccess(lab.app, query)
  expect(lab.sent()).toEqual(['first', 'rotated 1'])
})

test.each([
  { order: 'a sign-in, before a refresh writes', update: 2, refreshIsFirst: true },
  { order: 'a refresh, before a sign-in writes', update: 1, refreshIsFirst: false },
])('the refresh token that a sign-in brings is the one that counts: $order', async ({ update, refreshIsFirst }) => {
  lab = await open()
  const query = await lab.enter('first')
  const refresh = () => getAccess(lab.app, query)
  const enter = () => lab.enter('its own')
  lab.before(update, refreshIsFirst ? enter : refresh)
  await (refreshIsFirst ? refresh() : enter())
  lab.app.wait(HOUR)
  await getAccess(lab.app, query)
  expect(lab.sent()).toEqual(['first', 'its own'])
})

test('a sign-in leaves a refresh token to whoever is refreshing it', async () => {
  lab = await open()
  const query = await lab.enter('first')
  let whileItRuns: unknown
  lab.before(2, async () => {
    await lab.enter()
    whileItRuns = await isClaimed(query)
  })
  await getAccess(lab.app, query)
  expect([whileItRuns, await isClaimed(query)]).toEqual([true, false])
})

test('a refresh that fails ends its claim, also after a sign-in', async () => {
  lab = await open()
  const query = await lab.enter('first')
  const { script } = lab.op
  lab.op.script = { ...script, answer: { '/token': (res) => void res.writeHead(503).end() } }
  lab.before(2, async () => {
    lab.op.script = script
    await lab.enter()
  })
  await getAccess(lab.app, query).catch(() => {})
  expect(await isClaimed(query)).toBe(false)
})

test('a refresh token that the provider refuses isn’t sent again after a sign-in that brought none', async () => {
  lab = await open()
  const query = await lab.enter('first')
  const refuse = (res: ServerResponse) =>
    void res.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}')
  const { script } = lab.op
  lab.op.script = { ...script, answer: { '/token': refuse } }
  lab.before(2, async () => {
    lab.op.script = script
    await lab.enter()
  })
  for (const _ of [1, 2]) expect(await getAccess(lab.app, query)).toMatchObject({ accessToken: 'access 2' })
  const requests = lab.op.requests.length
  lab.app.wait(HOUR)
  await expect(getAccess(lab.app, query)).rejects.toMatchObject({ kind: 'ProviderTokenExpired' })
  expect(lab.op.requests).toHaveLength(requests)
})

test.each([
  { write: 'a refresh', update: 2, run: (query: AccessTokenQuery) => getAccess(lab.app, query) },
  { write: 'a sign-in', update: 1, run: () => lab.enter() },
])('an account that is unlinked before $write writes stays without tokens', async ({ update, run }) => {
  lab = await open()
  const query = await lab.enter('first')
  lab.before(update, async () => {
    await lab.adapter.unlinkAccount({ provider: 'op', providerAccountId: 'ann' })
    await tokensOf(lab).remove({ user: query.userId })
  })
  await run(query).catch(() => {})
  expect(await tokensOf(lab).list({ limit: 1 })).toEqual([])
  await expect(getAccess(lab.app, query)).rejects.toMatchObject({ kind: 'ProviderTokenMissing' })
})

test('a sign-in ends even if others write before each of its attempts', async () => {
  lab = await open()
  const query = await lab.enter('first')
  let writes = 0
  const write = async () => {
    if (++writes > 50) throw new Error('it never ends')
    lab.before(2, write) // the first is the one below
    await tokensOf(lab).update({ user: query.userId }, { version: `version ${writes}` })
  }
  lab.before(1, write)
  await lab.enter()
  expect(writes).toBe(5)
  lab.before(1, async () => {})
  await getAccess(lab.app, query)
  expect(lab.sent()).toEqual(['first'])
})
