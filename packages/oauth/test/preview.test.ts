import { afterEach, expect, test } from 'vitest'
import { type Deployments, type DeploymentOptions, openDeployments } from './support/deployments.ts'
import { createPerson, type Person } from './support/person.ts'

let deployments: Deployments
afterEach(() => deployments.stop())
const open = async (options?: DeploymentOptions) => (deployments = await openDeployments(options))

/** Goes to the provider, and by the stable deployment to the callback of the preview, where it stops. */
async function comeBack(person: Person): Promise<URL> {
  const start = await person.begin({ redirectTo: '/in' })
  const { url } = await person.go(start.href, (next) => next.origin === deployments.preview.origin)
  return url
}
const land = async (person: Person, url: URL) => {
  const response = await person.client.fetch(url.href)
  return new URL(response.headers.get('location') ?? '').searchParams.get('error')
}

test.each([undefined, 'form_post'] as const)(
  'a preview signs in through the stable callback (%s)',
  async (responseMode) => {
    const { preview, stableOrigin } = await open({ ...(responseMode && { responseMode }) })
    const ann = createPerson(preview, 'cookie')
    const start = await ann.begin()
    expect(start.searchParams.get('redirect_uri')).toBe(`${stableOrigin}/auth/callback/op`)
    const { url, kind } = await ann.signIn()
    expect([kind, url.href]).toEqual([null, `${preview.origin}/in`])
    expect(await ann.client.whoAmI()).not.toBeNull()
  },
)

test('what is forwarded is sealed: nothing of it can be read or changed, and it works once', async () => {
  const { preview } = await open()
  const [ann, mallory] = [createPerson(preview, 'cookie'), createPerson(preview, 'cookie')]
  const url = await comeBack(ann)
  expect([...url.searchParams.keys()]).toEqual(['sealed'])
  const changed = new URL(url)
  const sealed = url.searchParams.get('sealed') ?? ''
  changed.searchParams.set('sealed', `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`)
  expect(await land(ann, changed)).toBe('OAuthCallbackError')
  expect(await land(mallory, url)).toBe('OAuthCallbackError')
  const cookies = new Map(ann.client.cookies)
  expect(await land(ann, url)).toBeNull()
  for (const [name, value] of cookies) mallory.client.cookies.set(name, value)
  expect(await land(mallory, url)).toBe('OAuthCallbackError')
})

test('it lasts a minute', async () => {
  const { preview } = await open({ now: Date.now() })
  const ann = createPerson(preview, 'cookie')
  const url = await comeBack(ann)
  preview.wait(61)
  expect(await land(ann, url)).toBe('OAuthCallbackError')
})

test.each([
  ['an origin that isn’t trusted', { trusted: false }],
  ['a deployment with another secret', { previewSecret: 'another secret, as long as it must be' }],
])('nothing is forwarded to %s', async (_, options) => {
  const { preview, stableOrigin } = await open(options)
  const ann = createPerson(preview, 'cookie')
  const start = await ann.begin()
  const { url } = await ann.go(start.href, (next) => next.origin === preview.origin || next.pathname === '/')
  expect(url.href).toBe(`${stableOrigin}/?error=OAuthCallbackError`)
})

test('a state that names an origin by itself forwards nothing', async () => {
  const { stableOrigin } = await open()
  for (const state of ['x~https://evil.test', '0000000-aaaaaaaa.b~https://evil.test/', '~', '~~']) {
    const url = `${stableOrigin}/auth/callback/op?code=c&state=${encodeURIComponent(state)}`
    const response = await fetch(url, { redirect: 'manual' })
    expect(response.headers.get('location')).toBe(`${stableOrigin}/?error=OAuthCallbackError`)
  }
})
