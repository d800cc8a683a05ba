import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { memoryAdapter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { COOKIE, makeAuth, passwordProvider } from '../support/auth.ts'
import { createBrowser, readKind } from '../support/browser.ts'

describe.each(['jwt', 'database'] as const)('callbacks.update under the %s strategy', (strategy) => {
  const open = (update: unknown) => {
    const auth = makeAuth({
      adapter: memoryAdapter(),
      session: { strategy },
      claims: { org: z.string(), orgId: z.string() },
      update: z.object({ orgId: z.string() }),
      callbacks: { update } as unknown as NonNullable<AnyOptions['callbacks']>, // answers may be wrong on purpose
    })
    return createBrowser(auth)
  }
  const patch = async (update: unknown) => {
    const browser = open(update)
    await browser.signIn()
    const response = await browser.post('/auth/session', { orgId: 'o_1', org: 'smuggled', role: 'admin' })
    const refusal = response.ok ? null : await readKind(response)
    return { refusal, claims: (await browser.session())?.claims }
  }

  test('J16 true takes what the schema let through, and nothing else of what was sent', async () => {
    expect(await patch(() => true)).toEqual({ refusal: null, claims: { orgId: 'o_1' } })
  })

  test('J16 declared claims are written instead of the patch; what is not declared is not', async () => {
    const answer = () => ({ orgId: 'o_1', org: 'Acme', secret: 'x' })
    expect(await patch(answer)).toEqual({ refusal: null, claims: { orgId: 'o_1', org: 'Acme' } })
  })

  test('H7 claims of its own that do not fit their schemas are refused and change nothing', async () => {
    expect(await patch(() => ({ orgId: 7 }))).toEqual({ refusal: 'InvalidClaim', claims: {} })
  })

  test.each([
    ['false', () => false],
    ['nothing', () => undefined],
    ['null', () => null],
    ['a word', () => 'yes'],
    ['a list', () => ['orgId']],
    ['a late no', async () => false],
  ])('J16 %s refuses with AccessDenied and writes nothing', async (_name, update) => {
    expect(await patch(update)).toEqual({ refusal: 'AccessDenied', claims: {} })
  })

  test('M28 within one request too: its later calls see the user as it was', async () => {
    const seen: unknown[] = []
    const auth = makeAuth({
      session: { strategy },
      adapter: memoryAdapter(),
      providers: [passwordProvider(() => ({ id: 'ann', name: 'Ann', settings: { tags: ['member'] } }))],
      claims: { org: z.string() },
      update: z.object({ org: z.string() }),
      callbacks: {
        update: ({ user }) => {
          Object.assign(user, { name: 'Mallory' })
          const { settings } = user as unknown as { settings?: { tags: string[] } } // the row's own column
          settings?.tags.push('admin')
          return false
        },
        session: ({ session, user }) => {
          seen.push(structuredClone(user))
          return session
        },
      },
    })
    const browser = createBrowser(auth)
    await browser.signIn()
    seen.length = 0
    const ctx = auth.createContext({
      method: undefined,
      header: (name) => (name === 'cookie' ? `${COOKIE}=${browser.cookies.get(COOKIE)}` : null),
      response: { writability: () => 'writable', setCookie: () => {}, noStore: () => {} },
    })
    await ctx.clientSession()
    await expect(ctx.update({ org: 'acme' } as never)).rejects.toMatchObject({ kind: 'AccessDenied' })
    await ctx.clientSession()
    expect(seen[1]).toEqual(seen[0])
    expect(seen[0]).toMatchObject({ name: 'Ann', ...(strategy === 'database' && { settings: { tags: ['member'] } }) })
  })

  test('a throw is a failure of the server, and writes nothing', async () => {
    const fail = () => {
      throw new Error('the membership service is down')
    }
    expect(await patch(fail)).toEqual({ refusal: 'CallbackRouteError', claims: {} })
  })
})
