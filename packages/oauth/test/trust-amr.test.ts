import { definePlugin } from '@latchkey/core'
import { afterEach, expect, test } from 'vitest'
import { openScene, type Scene } from './support/scene.ts'

let scene: Scene
afterEach(() => scene.stop())

/** A second factor that everybody has from a moment on. */
const createFactor = () => {
  const about = { isOn: false }
  const plugin = definePlugin({
    id: 'second',
    setup: () => ({ factors: { second: { isDue: ({ amr }) => about.isOn && !amr.includes('mfa') } } }),
  })
  return { about, plugin }
}

test.each([
  { trustAmr: true, kind: 'StepUpRequired' },
  { trustAmr: false, kind: null },
])(
  'Q28 a session without the second factor links an account that may count as one: $trustAmr',
  async ({ trustAmr, kind }) => {
    const { about, plugin } = createFactor()
    scene = await openScene({ plugins: [plugin], entry: { trustAmr } })
    const ann = scene.person()
    expect((await ann.signIn()).kind).toBeNull()
    about.isOn = true
    expect((await ann.client.mutate('auth.oauth.link', { provider: 'op' })).kind).toBe(kind)
  },
)
