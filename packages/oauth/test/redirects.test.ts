import { expect, test } from 'vitest'
import { z } from 'zod'
import { describeVectors } from '../../core/test/support/vectors.ts'
import { createPkce } from './support/pkce.ts'
import { openScene } from './support/scene.ts'

const list = z.object({ cases: z.array(z.object({ in: z.string(), expect: z.string() })) })

describeVectors('O11 wherever a redirect is asked for', (read) => {
  const { cases } = read('attack-lists/redirects.json', list)

  test('the browser stays with the app after a sign-in', async () => {
    const { app, person, stop } = await openScene()
    const host = new URL(app.origin).host
    try {
      const ann = person()
      for (const { in: asked } of cases) {
        const { data, kind } = await ann.client.mutate<{ url: string }>('auth.signIn', {
          provider: 'op',
          redirectTo: asked,
        })
        if (kind !== null) {
          expect([asked, kind]).toEqual([asked, 'InvalidInput'])
          continue
        }
        const { url } = await ann.go(data.url)
        expect([asked, url.host, url.protocol]).toEqual([asked, host, 'http:'])
      }
    } finally {
      await stop()
    }
  }, 120_000)

  test('the browser stays with the app after an account was linked', async () => {
    const { app, person, stop } = await openScene()
    try {
      const ann = person()
      await ann.signIn()
      for (const { in: asked } of cases) {
        const input = { provider: 'op', redirectTo: asked }
        const { data, kind } = await ann.client.mutate<{ url: string }>('auth.oauth.link', input)
        if (kind !== null) expect([asked, kind]).toEqual([asked, 'InvalidInput'])
        else expect([asked, (await ann.go(data.url)).url.origin]).toEqual([asked, app.origin])
      }
    } finally {
      await stop()
    }
  }, 120_000)

  test('a code of a native client goes to no other', async () => {
    const { app, person, stop } = await openScene()
    try {
      const { codeChallenge } = await createPkce()
      const ann = person('token')
      for (const { in: asked } of cases) {
        const answer = await ann.client.mutate<{ url: string }>('auth.signIn', {
          provider: 'op',
          redirectTo: asked,
          codeChallenge,
        })
        if (answer.kind === null) {
          const { url } = await ann.go(answer.data.url)
          expect([asked, url.origin]).toEqual([asked, app.origin])
        } else expect([asked, answer.kind]).toEqual([asked, 'InvalidInput'])
      }
    } finally {
      await stop()
    }
  }, 120_000)
})
