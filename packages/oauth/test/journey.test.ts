import { afterEach, expect, test } from 'vitest'
import { openScene, type Scene, type SceneOptions } from './support/scene.ts'

let scene: Scene
afterEach(() => scene.stop())
const open = async (options?: SceneOptions) => (scene = await openScene(options))

test.each(['jwt', 'database'] as const)('O1 a person signs in at a real provider (%s)', async (strategy) => {
  const { app, visitor } = await open({ strategy })
  const ann = visitor()
  const end = await ann.signIn({ redirectTo: '/inbox' })
  expect(end.url.href).toBe(`${app.origin}/inbox`)
  const { data } = await ann.client.query('auth.session')
  expect(data).toMatchObject({ user: { name: 'Ann', email: 'ann@example.test' } })
})
