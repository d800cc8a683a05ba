import type { ServerResponse } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { oidc } from '../src/index.ts'
import { type Against, openAgainst } from './support/against.ts'
import { openScene } from './support/scene.ts'
import { SECRET } from './support/scripted-provider.ts'

let against: Against | undefined
afterEach(() => against?.stop())

const count = (requests: readonly string[], path: string) => requests.filter((request) => request === path).length

test('O10 G15 after the provider has changed its keys the next sign-in works, with one look for the new ones', async () => {
  const { op, person, stop } = await openScene()
  try {
    expect((await person().signIn()).kind).toBeNull()
    op.rotate()
    const before = count(op.requests, 'GET /jwks')
    const ann = person()
    expect((await ann.signIn()).kind).toBeNull()
    expect(await ann.client.whoAmI()).not.toBeNull()
    expect(count(op.requests, 'GET /jwks') - before).toBe(1)
  } finally {
    await stop()
  }
})

test('O10 tokens that name unknown keys make no storm of requests', async () => {
  against = await openAgainst({}, { now: Date.now() })
  const { app, op, signIn } = against
  await signIn()
  op.script = { header: (header) => ({ ...header, kid: 'foreign' }), sign: op.keys.foreign.sign }
  const before = count(op.requests, 'GET /jwks')
  for (let round = 0; round < 5; round++) expect((await signIn()).isIn).toBe(false)
  await Promise.all([signIn(), signIn(), signIn()])
  expect(count(op.requests, 'GET /jwks') - before).toBe(1)
  app.wait(31)
  await signIn()
  expect(count(op.requests, 'GET /jwks') - before).toBe(2)
  op.script = {}
  expect((await signIn()).isIn).toBe(true)
})

const drip = (res: ServerResponse) => {
  res.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => res.write(' '), 200)
  res.on('close', () => clearInterval(timer))
}

const OUTAGES: Readonly<Record<string, (res: ServerResponse) => void>> = {
  'not found': (res) => res.writeHead(404).end(),
  'no JSON': (res) => res.writeHead(200, { 'content-type': 'application/json' }).end('<html>'),
  'JSON of another kind': (res) => res.writeHead(200, { 'content-type': 'application/json' }).end('[null]'),
  'more than a megabyte': (res) =>
    res.writeHead(200, { 'content-type': 'application/json' }).end(`{"keys":[],"pad":"${'x'.repeat(1_100_000)}"}`),
  'a redirect': (res) => res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  'a connection that breaks': (res) => res.destroy(),
  'one byte now and then': drip,
  silence: () => {},
}
/** Each of them takes as long as a request may: the fetch is the same for every path. */
const SLOW = new Set(['one byte now and then', 'silence'])

test.each(Object.entries(OUTAGES))(
  'O10 G15 %s instead of keys, tokens or userinfo: refused within five seconds, others work',
  async (name, answer) => {
    against = await openAgainst(
      {},
      {
        entry: { userinfo: 'always' },
        others: (issuer) => [oidc({ id: 'other', issuer, clientId: 'app', clientSecret: SECRET, profile: () => ({}) })],
      },
    )
    const { op, person } = against
    for (const path of SLOW.has(name) ? ['/jwks'] : ['/jwks', '/token', '/userinfo']) {
      op.script = { answer: { [path]: answer } }
      const began = Date.now()
      const refused = await person().signIn()
      expect([path, refused.kind]).toEqual([path, 'OAuthCallbackError'])
      expect(Date.now() - began).toBeLessThan(5_000)
    }
    op.script = {}
    const [ann, bob] = [person(), person()]
    expect((await ann.signIn({ provider: 'other' })).kind).toBeNull()
    expect((await bob.signIn()).kind).toBeNull()
  },
)

test.each(Object.entries(OUTAGES))(
  'O10 %s instead of the discovery document: the start fails within five seconds, and works again later',
  async (_, answer) => {
    against = await openAgainst({ answer: { '/.well-known/openid-configuration': answer } })
    const { op, person } = against
    const ann = person()
    const began = Date.now()
    const refused = await ann.client.mutate('auth.signIn', { provider: 'op' })
    expect([refused.status, refused.kind]).toEqual([503, 'OAuthUnavailable'])
    expect(Date.now() - began).toBeLessThan(5_000)
    op.script = {}
    expect((await ann.signIn()).kind).toBeNull()
  },
)

test('O10 the discovery document is asked for once, by however many', async () => {
  against = await openAgainst({}, { now: Date.now() })
  const { app, op, person } = against
  await Promise.all(Array.from({ length: 10 }, () => person().begin()))
  expect(count(op.requests, 'GET /.well-known/openid-configuration')).toBe(1)
  // After an hour again; if that fails, the old one goes on.
  app.wait(3_601)
  op.script = {
    answer: { '/.well-known/openid-configuration': (res) => res.writeHead(500).end() },
    claims: (claims) => ({ ...claims, iat: Number(claims.iat) + 3_601, exp: Number(claims.exp) + 3_601 }),
  }
  expect((await person().signIn()).kind).toBeNull()
  expect(count(op.requests, 'GET /.well-known/openid-configuration')).toBeGreaterThan(1)
})

test('O13 an address that a discovery document names is https, or on this machine for a provider on this machine', async () => {
  against = await openAgainst({
    discovery: (document) => ({ ...document, token_endpoint: 'http://internal.test/token' }),
  })
  const refused = await against.signIn()
  expect(refused.kind).toBe('OAuthCallbackError')
  expect(against.app.log.join()).toContain("isn't https")
})
