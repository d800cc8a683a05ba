import { jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { applePublicKey } from './apple-key.ts'
import { cases, type Case } from './cases.ts'
import { agree, begin, comeBack, openApp, readCreated, signIn } from './journey.ts'
import { openStandIn } from './stand-in.ts'

const RANDOM = /^[\w-]{43}$/

describe.each(cases)('$id', (about) => {
  const { id, sends, callback } = about
  const open = async () => {
    const standIn = await openStandIn(about)
    const app = await openApp(about.at(standIn.origin))
    return { standIn, app, client: app.client('cookie') }
  }

  test('O01 asks at its authorization endpoint, with these parameters and no others', async () => {
    const app = await openApp(about.real)
    const url = await begin(app.client('cookie'), id)
    const { state, nonce, code_challenge, code_challenge_method, ...params } = Object.fromEntries(url.searchParams)
    expect(url.origin + url.pathname).toBe(about.url)
    expect(params).toEqual({ ...about.params, redirect_uri: `${app.origin}/auth/callback/${id}` })
    expect(state).toMatch(/[\w-]{22,}/)
    if (sends.nonce) expect(nonce).toMatch(RANDOM)
    else expect(nonce).toBeUndefined()
    if (sends.pkce) expect([code_challenge, code_challenge_method]).toEqual([expect.stringMatching(RANDOM), 'S256'])
    else expect(code_challenge).toBeUndefined()
  })

  test('O01 signs in whom its documented response describes', async () => {
    const { app, client, standIn } = await open()
    const end = await signIn(client, id, callback)
    expect(end.href).toBe(`${app.origin}/`)
    expect(readCreated(app)).toEqual({ accountId: about.accountId, person: about.person })
    expect(await client.whoAmI()).not.toBeNull()
    expect(standIn.exchanges.map((sent) => readClient(about, sent))).toEqual(['client-1'])
  })

  test('O7 knows the same account again', async () => {
    const { app, client } = await open()
    await signIn(client, id, callback)
    const again = app.client('cookie')
    await signIn(again, id)
    expect(await again.whoAmI()).toBe(await client.whoAmI())
  })

  test.each(about.variants)('signs in somebody of whom it says: $says', async ({ person, ...change }) => {
    const { app, client, standIn } = await open()
    standIn.change = change
    await signIn(client, id, callback)
    expect(readCreated(app)?.person).toEqual({ ...about.person, ...person })
  })

  test.each([
    { attack: 'without state', change: (params: URLSearchParams) => params.delete('state') },
    { attack: 'with another state', change: (params: URLSearchParams) => params.set('state', 'x'.repeat(43)) },
    {
      attack: 'with its state changed at the end',
      change: (params: URLSearchParams) => params.set('state', `${params.get('state')?.slice(0, -1)}_`),
    },
    { attack: 'with two states', change: (params: URLSearchParams) => params.append('state', 'x') },
    { attack: 'in another browser', in: 'another' },
    { attack: 'without the flow’s cookie', in: 'none' },
  ])('O02 a callback $attack begins no session', async ({ change, in: where }) => {
    const { app, client, standIn } = await open()
    const back = await agree(await begin(client, id), callback)
    change?.(back.form ?? back.url.searchParams)
    const other = app.client('cookie')
    if (where === 'another') await begin(other, id)
    const browser = where === undefined ? client : other
    const end = await comeBack(browser, back)
    expect(end.searchParams.get('error')).toBe('OAuthCallbackError')
    expect(await browser.whoAmI()).toBeNull()
    expect(readCreated(app)).toBeNull()
    expect(standIn.exchanges).toEqual([])
  })

  test('O09 a code that the provider refuses begins no session', async () => {
    const { app, client } = await open()
    const back = await agree(await begin(client, id), callback)
    ;(back.form ?? back.url.searchParams).set('code', 'of-another-client')
    const end = await comeBack(client, back)
    expect(end.searchParams.get('error')).toBe('OAuthCallbackError')
    expect(readCreated(app)).toBeNull()
  })
})

/** The client that a request to the token endpoint was made by, if it proved so in the way that the provider documents. */
function readClient({ clientAuth, id }: Case, sent: { body: URLSearchParams; authorization: string | undefined }) {
  const { body, authorization } = sent
  const basic = `Basic ${Buffer.from('client-1:secret-1').toString('base64')}`
  if (clientAuth === 'basic') return authorization === basic && !body.has('client_secret') ? 'client-1' : null
  const isRight = id === 'apple' || body.get('client_secret') === 'secret-1'
  return authorization === undefined && isRight ? body.get('client_id') : null
}

test('apple signs its client secret for each request', async () => {
  const about = cases.find(({ id }) => id === 'apple')!
  const standIn = await openStandIn(about)
  const app = await openApp(about.at(standIn.origin))
  await signIn(app.client('cookie'), 'apple')
  await signIn(app.client('cookie'), 'apple')
  expect(standIn.exchanges).toHaveLength(2)
  for (const { body } of standIn.exchanges) {
    const secret = body.get('client_secret') ?? ''
    const { payload, protectedHeader } = await jwtVerify(secret, applePublicKey, { algorithms: ['ES256'] })
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: 'F6G7H8I9J0', typ: 'JWT' })
    const { iat = 0, exp = 0, ...claims } = payload
    expect(claims).toEqual({ iss: 'A1B2C3D4E5', aud: 'https://appleid.apple.com', sub: 'client-1' })
    expect(exp - iat).toBe(300)
    expect(Math.abs(iat - Date.now() / 1_000)).toBeLessThan(60)
  }
})
