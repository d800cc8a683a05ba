import { TRPCClientError } from '@trpc/client'
import { describe, expect, test } from 'vitest'
import { ORIGIN, openLiveApp, signInByCookie, TOKEN_FLOW } from './support/live-app.ts'

const bearer = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` })

/** The kind that a call was refused with, or what it answered. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call
  } catch (error) {
    if (!(error instanceof TRPCClientError)) throw error
    return [error.data?.code, error.data?.kind]
  }
}

async function signInForTokens(app: Awaited<ReturnType<typeof openLiveApp>>) {
  const answer = await app.http().auth.signIn.mutate(TOKEN_FLOW)
  if (answer.status !== 'tokens') throw new Error('no tokens')
  return answer as typeof answer & { readonly refreshToken: string }
}

describe('T9 a protected procedure and a bearer token', () => {
  test('none → UNAUTHORIZED, valid → runs, without the role → FORBIDDEN', async () => {
    const app = await openLiveApp()
    const { accessToken } = await signInForTokens(app)
    const client = app.http(bearer(accessToken))
    expect(await outcome(client.mine.query())).toBe('ann')
    expect(await outcome(client.admin.query())).toEqual(['FORBIDDEN', 'AccessDenied'])
    expect(await outcome(app.http().mine.query())).toEqual(['UNAUTHORIZED', 'SessionRequired'])
  })
})

describe('T11 a bearer of ours that does not count', () => {
  test.each([
    {
      which: 'expired',
      kind: 'AccessTokenExpired',
      options: { accessTokenMaxAge: '1s' } as const,
      spoil: (token: string) => token,
    },
    { which: 'damaged', kind: 'InvalidToken', options: {}, spoil: (token: string) => `${token.slice(0, -4)}AAAA` },
  ])(
    '$which: guards and auth.session say $kind, public procedures run, the cookie is not asked',
    async ({ kind, options, spoil }) => {
      const app = await openLiveApp(options)
      const cookie = await signInByCookie(app, 'bob')
      const { accessToken } = await signInForTokens(app)
      if (kind === 'AccessTokenExpired') await new Promise((resolve) => setTimeout(resolve, 1_100))
      const client = app.http({ ...bearer(spoil(accessToken)), cookie })
      expect(await outcome(client.mine.query())).toEqual(['UNAUTHORIZED', kind])
      expect(await outcome(client.auth.session.query())).toEqual(['UNAUTHORIZED', kind])
      expect(await outcome(client.open.query())).toBe('for everybody')
      expect(await outcome(app.http({ cookie }).mine.query())).toBe('bob')
    },
  )
})

describe('R1 T3 T4 tokens over tRPC', () => {
  test('signing in for tokens sets no cookie and works over a stream; for a cookie it does not', async () => {
    const app = await openLiveApp()
    const client = app.stream()
    expect(await client.auth.signIn.mutate(TOKEN_FLOW)).toMatchObject({
      status: 'tokens',
      tokenType: 'Bearer',
      session: { user: { id: 'ann' } },
    })
    expect(await outcome(client.auth.signIn.mutate({ ...TOKEN_FLOW, flow: 'cookie' }))).toEqual([
      'PRECONDITION_FAILED',
      'ResponseCommitted',
    ])
    expect(await outcome(client.auth.signIn.mutate({ ...TOKEN_FLOW, refresh: 'cookie' }))).toEqual([
      'PRECONDITION_FAILED',
      'ResponseCommitted',
    ])
  })

  test('the token procedure refreshes, whatever page asks, and refuses with a kind', async () => {
    const app = await openLiveApp()
    const { refreshToken, accessToken } = await signInForTokens(app)
    const foreign = app.http({ origin: 'https://evil.example' })
    const renewed = await foreign.auth.token.mutate({ refreshToken })
    expect(await outcome(app.http(bearer(renewed.accessToken)).mine.query())).toBe('ann')
    expect(await outcome(foreign.auth.token.mutate({ refreshToken: accessToken }))).toEqual([
      'UNAUTHORIZED',
      'InvalidToken',
    ])
    expect(await outcome(foreign.auth.token.mutate({} as never))).toEqual(['BAD_REQUEST', 'InvalidInput'])
  })

  test('J16 updateSession over a bearer takes the refresh token and answers a new pair', async () => {
    const app = await openLiveApp()
    const { accessToken, refreshToken } = await signInForTokens(app)
    const client = app.http(bearer(accessToken))
    expect(await client.auth.updateSession.mutate({ org: 'acme', refreshToken })).toMatchObject({
      tokenType: 'Bearer',
      session: { claims: { org: 'acme' } },
    })
    expect(await outcome(client.auth.updateSession.mutate({ org: 'acme' }))).toEqual(['BAD_REQUEST', 'InvalidInput'])
  })

  test('signing out with the refresh token ends the family', async () => {
    const app = await openLiveApp()
    const { accessToken, refreshToken } = await signInForTokens(app)
    await app.stream().auth.signOut.mutate({ refreshToken })
    expect(await outcome(app.http().auth.token.mutate({ refreshToken }))).toEqual(['UNAUTHORIZED', 'SessionRevoked'])
    expect(await outcome(app.http(bearer(accessToken)).mine.query())).toEqual(['UNAUTHORIZED', 'SessionRevoked'])
  })

  test('T6 a bearer’s own mutation needs no trusted origin', async () => {
    const app = await openLiveApp()
    const { accessToken, refreshToken } = await signInForTokens(app)
    const client = app.http({ ...bearer(accessToken), origin: 'https://elsewhere.example' })
    expect(await outcome(client.auth.updateSession.mutate({ org: 'b', refreshToken }))).toMatchObject({
      tokenType: 'Bearer',
    })
    const cookie = await signInByCookie(app)
    const foreign = app.http({ cookie, origin: 'https://elsewhere.example' })
    expect(await outcome(foreign.auth.updateSession.mutate({ org: 'b' }))).toEqual(['FORBIDDEN', 'UntrustedOrigin'])
    expect(ORIGIN).not.toContain('elsewhere')
  })
})
