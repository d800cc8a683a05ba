import { describe, expect, test } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import { HTTPS_ORIGIN, makeAuth, ORIGIN } from '../support/auth.ts'
import { createBrowser, readKind } from '../support/browser.ts'

describe.each([
  { origin: HTTPS_ORIGIN, name: '__Secure-latchkey.refresh' },
  { origin: ORIGIN, name: 'latchkey.refresh' },
])('the refresh cookie of $origin', ({ origin, name }) => {
  async function open() {
    const auth = makeAuth({ baseUrl: origin, adapter: memoryAdapter(), tokens: { enabled: true } })
    const browser = createBrowser(auth, { origin })
    const thief = createBrowser(auth, { origin })
    for (const [owner, email] of [
      [browser, 'ann@example.com'],
      [thief, 'eve@example.com'],
    ] as const)
      await owner.signIn(email, undefined, { flow: 'token', refresh: 'cookie' })
    const ours = `${name}=${browser.cookies.get(name)}`
    const planted = `${name}=${thief.cookies.get(name)}`
    return { browser, ours, planted }
  }

  test.each<{ what: string; header: (ours: string, planted: string) => string; kind: string | undefined }>([
    { what: 'one', header: (ours) => ours, kind: undefined },
    { what: 'one among others', header: (ours) => `a=1; ${ours}; b=2`, kind: undefined },
    {
      what: 'one beside a longer name',
      header: (ours) => `x${ours}; ${name}2=1; ${name}.0=1; ${ours}`,
      kind: undefined,
    },
    { what: 'ours first', header: (ours, planted) => `${ours}; ${planted}`, kind: 'InvalidInput' },
    { what: 'ours last', header: (ours, planted) => `${planted}; ${ours}`, kind: 'InvalidInput' },
    { what: 'ours twice', header: (ours) => `${ours}; ${ours}`, kind: 'InvalidInput' },
    { what: 'ours and an empty one', header: (ours) => `${ours}; ${name}=`, kind: 'InvalidInput' },
    { what: 'no white space between', header: (ours, planted) => `${planted};${ours}`, kind: 'InvalidInput' },
    { what: 'in chunks', header: (ours) => ours.replace('=', '.0='), kind: 'InvalidInput' },
    { what: 'none', header: () => 'a=1', kind: 'InvalidInput' },
  ])('M14 of two with one name neither counts: $what', async ({ header, kind }) => {
    const { browser, ours, planted } = await open()
    const response = await browser.post('/auth/token', {}, { cookie: header(ours, planted) })
    expect(response.ok ? undefined : await readKind(response)).toBe(kind)
    if (!response.ok) expect((await browser.post('/auth/token', {}, { cookie: ours })).status).toBe(200)
  })
})
