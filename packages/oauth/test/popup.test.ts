import { createHash } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { createPkce } from './support/pkce.ts'
import { openScene, type Scene } from './support/scene.ts'

let scene: Scene
afterEach(() => scene.stop())

test('the page of a popup runs its own script and nothing else, in no frame', async () => {
  scene = await openScene()
  const response = await scene.person().client.fetch('/auth/oauth/popup?id=<script>alert(1)</script>')
  const html = await response.text()
  const [, script = ''] = /<script>([^]*)<\/script>/.exec(html) ?? []
  const hash = createHash('sha256').update(script).digest('base64')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-security-policy')).toBe(
    `default-src 'none'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  )
  expect(html).not.toContain('alert')
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': expect.stringContaining('no-store'),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
})

test.each(['p'.repeat(21), 'p'.repeat(65), `${'p'.repeat(22)}&`])('O11 %j is no name of a popup', async (popup) => {
  scene = await openScene()
  const { kind } = await scene.person().client.mutate('auth.signIn', { provider: 'op', popup })
  expect(kind).toBe('InvalidInput')
})

test.each(['https://mallory.example', 'null', 'file://', 'javascript:alert(1)', '*'])(
  'O11 a window tells nothing to a page at %j, not even for a caller with a token of their own',
  async (origin) => {
    scene = await openScene()
    const mallory = scene.person('token')
    await mallory.signIn()
    const { codeChallenge } = await createPkce()
    const begin = (from: string) =>
      mallory.client.fetch('/trpc/auth.signIn', {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: from },
        body: JSON.stringify({
          provider: 'op',
          flow: 'token',
          popup: 'p'.repeat(22),
          redirectTo: `${scene.app.origin}/`,
          codeChallenge,
        }),
      })
    expect((await begin(scene.app.origin)).status).toBe(200)
    const refused = await begin(origin)
    expect(refused.status).toBe(403)
    expect(await refused.text()).toContain('UntrustedOrigin')
  },
)
