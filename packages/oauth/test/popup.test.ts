import { createHash } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
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
