import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { memoryAdapter } from '../../src/index.ts'
import type { AnyOptions } from '../../src/config/options.ts'
import { makeAuth, openLog, passwordProvider } from '../support/auth.ts'
import { createBrowser, readKind } from '../support/browser.ts'

const jwt: NonNullable<AnyOptions['callbacks']> = { jwt: ({ token }) => token }

describe('M30 J2 a jwt callback that is never called', () => {
  const messagesOf = (options: Partial<AnyOptions>) => {
    const { logger, lines } = openLog()
    makeAuth({ adapter: memoryAdapter(), logger, ...options })
    return lines.map(({ message }) => message)
  }

  test.each([
    { config: 'under the jwt strategy', options: { session: { strategy: 'jwt' as const }, callbacks: jwt } },
    {
      config: 'under the database strategy with tokens',
      options: { session: { strategy: 'database' as const }, tokens: { enabled: true }, callbacks: jwt },
    },
    { config: 'no jwt callback', options: { session: { strategy: 'database' as const } } },
  ])('$config: nothing is said', ({ options }) => {
    expect(messagesOf(options)).toEqual([])
  })

  test('under the database strategy without tokens the log says so once, at construction', () => {
    const messages = messagesOf({ session: { strategy: 'database' }, callbacks: jwt })
    expect(messages).toEqual([expect.stringMatching(/^callbacks\.jwt is never called under the database strategy/)])
  })
})

describe('M29 the memory adapter keeps what a user is given', () => {
  test.each(['jwt', 'database'] as const)('roles of authorize; %s', async (strategy) => {
    let roles = ['member']
    const adapter = memoryAdapter()
    const auth = makeAuth({
      adapter,
      session: { strategy },
      roles: ['member', 'admin'],
      providers: [passwordProvider(({ email }) => ({ id: 'ann', email, roles, org: 'acme' }))],
      claims: { org: z.string() },
      callbacks: { jwt: ({ token, user }) => (user ? { ...token, roles, org: 'acme' } : token) },
    })
    const browser = createBrowser(auth)
    for (const given of [['member'], ['member', 'admin']]) {
      roles = given
      await browser.signIn()
      expect(await browser.session()).toMatchObject({ roles, claims: { org: 'acme' } })
      expect(await adapter.getUser('ann')).toMatchObject({ roles, org: 'acme' })
    }
  })
})

describe('M26 H7 a failure of the server is in the log, whatever the face', () => {
  const open = () => {
    const { logger, lines } = openLog()
    const auth = makeAuth({
      logger,
      claims: { org: z.string() },
      callbacks: { jwt: ({ token }) => ({ ...token, org: 7 }) },
    })
    return { auth, lines }
  }

  test('a claim that does not fit is named, once, over the handler', async () => {
    const { auth, lines } = open()
    expect(await readKind(await createBrowser(auth).signIn())).toBe('InvalidClaim')
    expect(lines).toEqual([{ message: expect.stringContaining('claim "org"'), cause: expect.anything() }])
  })

  test('and once for a face of its own', async () => {
    const { auth, lines } = open()
    const response = { writability: () => 'writable' as const, setCookie: () => {}, noStore: () => {} }
    const ctx = auth.createContext({ method: undefined, header: () => null, response })
    const input = { provider: 'credentials', email: 'ann@example.com', password: 'right' }
    await expect(ctx.signIn(input)).rejects.toMatchObject({ kind: 'InvalidClaim' })
    expect(lines).toEqual([{ message: expect.stringContaining('claim "org"'), cause: expect.anything() }])
  })

  test('what a client did wrong is not', async () => {
    const { auth, lines } = open()
    expect(await readKind(await createBrowser(auth).signIn('ann@example.com', 'wrong'))).toBe('CredentialsSignin')
    expect(lines).toEqual([])
  })
})
