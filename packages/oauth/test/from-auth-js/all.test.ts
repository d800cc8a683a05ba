import { Auth, skipCSRFCheck } from '@auth/core'
import { memoryAdapter } from '@latchkey/core'
import { expect, onTestFinished, test } from 'vitest'
import { startApp, type Told } from '../../../../test/support/app.ts'
import { oauth } from '../../src/index.ts'
import { type AuthJsProvider, fromAuthJs } from '../../src/from-auth-js/from-auth-js.ts'
import { findRefusal } from '../../src/from-auth-js/refusal.ts'
import { readSettings } from '../../src/from-auth-js/settings.ts'
import { openIssuers } from './issuers.ts'
import { exported, optionsFor } from './providers.ts'
import { sampleOf } from './samples.ts'

/** Those that can be taken. */
const taken = exported.filter(
  ({ file, make }) => !findRefusal(readSettings(make(optionsFor(file, 'https://a.example')))),
)
const isOidc = ({ type }: AuthJsProvider) => type === 'oidc'

test('a sign-in with every one of them asks for what Auth.js asks for', async () => {
  const { origin } = await openIssuers()
  const list = taken.map(({ file, make }) => {
    const provider = make(optionsFor(file, `${origin}/${file}`))
    // Those with discovery are found here instead.
    return isOidc(provider) ? make({ ...optionsFor(file, `${origin}/${file}`), issuer: `${origin}/${file}` }) : provider
  })
  const app = await startApp({ adapter: memoryAdapter(), plugins: [oauth(list.map((each) => fromAuthJs(each)))] })
  onTestFinished(() => app.stop())
  for (const provider of list) {
    const { data, kind } = await app.client('cookie').mutate<{ url: string }>('auth.signIn', { provider: provider.id })
    expect(kind, provider.id).toBeNull()
    const [ours, theirs] = [split(data.url), split(await askAuthJs(provider, app.origin))]
    expect(ours.address, provider.id).toBe(theirs.address)
    expect(ours.params, provider.id).toEqual(theirs.params)
    expect(new URL(data.url).searchParams.get('redirect_uri')).toBe(`${app.origin}/auth/callback/${provider.id}`)
    expect(ours.flow, provider.id).toEqual(expect.arrayContaining([...theirs.flow, 'state']))
  }
})

const OF_FLOW = new Set(['redirect_uri', 'state', 'nonce', 'code_challenge', 'code_challenge_method'])

/** An authorization URL, with the flow's own by its name only. */
function split(text: string) {
  const url = new URL(text)
  const all = [...url.searchParams]
  return {
    address: url.origin + url.pathname,
    params: Object.fromEntries(all.filter(([name, value]) => !OF_FLOW.has(name) && !(name === 'scope' && !value))),
    flow: all.map(([name]) => name).filter((name) => OF_FLOW.has(name)),
  }
}

/** The URL that Auth.js itself sends the browser to. */
async function askAuthJs(provider: AuthJsProvider, origin: string): Promise<string> {
  const request = new Request(`${origin}/auth/signin/${provider.id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-auth-return-redirect': '1' },
    body: '',
  })
  const config = { secret: 'x'.repeat(32), basePath: '/auth', trustHost: true, skipCSRFCheck, providers: [provider] }
  const response = (await Auth(request, config as never)) as Response // providers as Auth.js' own functions have made them
  const { url } = (await response.json()) as { url: string } // what the header asks for
  return url
}

test.each(taken)('$file: the person is whom Auth.js’ own profile function describes', async ({ file, make }) => {
  const issuers = await openIssuers()
  const { profile, body = profile, tokens, options } = sampleOf(file)
  issuers.profiles.set(file, body)
  issuers.tokens.set(file, tokens ?? {})
  const base = `${issuers.origin}/${file}`
  const given = { ...optionsFor(file, base), issuer: base }
  const addresses = isOidc(make(given)) ? {} : addressesAt(base)
  const provider = make({ ...given, ...addresses, ...options?.(base) })
  const app = await startApp({ adapter: memoryAdapter(), plugins: [oauth([fromAuthJs(provider)])] })
  onTestFinished(() => app.stop())

  const client = app.client('cookie')
  const { data } = await client.mutate<{ url: string }>('auth.signIn', { provider: provider.id })
  await fetch(data.url)
  const state = new URL(data.url).searchParams.get('state') ?? ''
  const response = await client.fetch(`/auth/callback/${provider.id}?${new URLSearchParams({ code: 'code-1', state })}`)

  expect(response.headers.get('location'), app.log.join('\n')).toBe(`${app.origin}/`)
  const created = find(app.told, 'events.createUser', 'user')
  const account = find(app.told, 'signIn', 'account')
  const { name = null, email = null, image = null, emailVerified } = created
  const expected = await describePerson(provider, profile)
  expect({ id: account.providerAccountId, name, email, image }).toEqual(expected)
  expect(emailVerified).toBeNull()
})

/** The addresses of the stand-in; whatever else the provider has about them stays. */
function addressesAt(base: string) {
  return {
    authorization: { url: `${base}/authorize` },
    token: { url: `${base}/token` },
    userinfo: { url: `${base}/userinfo` },
  }
}

function find(told: readonly Told[], name: string, param: string): Record<string, unknown> {
  return told.find((each) => each.name === name)?.params[param] as Record<string, unknown> // a user or an account
}

/** What Auth.js would write. */
async function describePerson(provider: AuthJsProvider, profile: unknown) {
  const { options, ...own } = provider as unknown as { readonly options?: object; readonly profile?: ProfileHook } // Auth.js' shape
  const { profile: map = readStandard }: { readonly profile?: ProfileHook } = { ...own, ...options }
  const person = Object(await map(structuredClone(profile), {})) as Record<string, string | null | undefined> // a user
  const { id, name = null, email = null, image = null } = person
  return { id: String(id), name, email: email?.toLowerCase() ?? null, image }
}

type ProfileHook = (profile: unknown, tokens: object) => unknown

function readStandard(profile: unknown) {
  const { sub, id, name, nickname, preferred_username, email, picture } = Object(profile) as Record<string, unknown> // JSON
  return { id: sub ?? id, name: name ?? nickname ?? preferred_username, email, image: picture }
}
