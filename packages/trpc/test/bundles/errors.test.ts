import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AppBundle, loadBundle } from './load-bundle.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-bundles-'))
let copies: Readonly<Record<'esm' | 'cjs', AppBundle>>

beforeAll(async () => {
  copies = { esm: await loadBundle(folder, 'page', 'esm'), cjs: await loadBundle(folder, 'route', 'cjs') }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SECRET = 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa'
const SILENT = { error: () => {}, warn: () => {} }
const ORIGIN = 'http://app.test'

/** An engine of one copy whose sign-in runs `onSignIn`, and the tRPC code of another. */
function openApp(engine: AppBundle, face: AppBundle, onSignIn: () => boolean = () => true) {
  const { z } = engine
  const auth = engine.createAuth({
    secret: SECRET,
    baseUrl: ORIGIN,
    logger: SILENT,
    providers: [
      engine.credentials({
        input: z.object({ name: z.string() }),
        identify: ({ name }) => name,
        authorize: ({ name }) => ({ id: name }),
      }),
    ],
    callbacks: { signIn: onSignIn },
  })
  const kit = face.createAuthRouter(auth)
  return { auth, kit, t: face.initTRPC.context<ReturnType<typeof kit.authContext>>() }
}

async function call(
  face: AppBundle,
  { kit, t }: ReturnType<typeof openApp>,
  path: string,
  { method = 'POST', body, condition = () => true }: { method?: string; body?: string; condition?: () => boolean } = {},
) {
  const root = t.create({ errorFormatter: face.authErrorFormatter })
  const router = root.router({
    auth: kit.authRouter,
    mine: root.procedure.concat(kit.protectedProcedure).query(() => 'mine'),
    asked: root.procedure
      .use(async ({ next }) => {
        condition()
        return next()
      })
      .query(() => 'asked'),
  })
  const headers = { origin: ORIGIN, ...(method === 'POST' && { 'content-type': 'application/json' }) }
  const response = await face.fetchRequestHandler({
    endpoint: '/trpc',
    router,
    createContext: kit.authContext,
    req: new Request(`${ORIGIN}/trpc/${path}`, { method, headers, body: body ?? null }),
  })
  const answer: unknown = await response.json()
  return { status: response.status, answer }
}

const failure = (httpStatus: number, kind: string) => ({
  status: httpStatus,
  answer: { error: expect.objectContaining({ data: expect.objectContaining({ httpStatus, kind }) }) },
})

describe.each([
  ['esm', 'cjs'],
  ['cjs', 'esm'],
] as const)('M37 an engine of the %s copy behind the %s copy of the packages', (one, other) => {
  test('signs in, and refuses with its kind instead of a 500', async () => {
    const app = openApp(copies[one], copies[other])
    const input = JSON.stringify({ provider: 'credentials', name: 'ada' })
    expect(await call(copies[other], app, 'auth.signIn', { body: input })).toMatchObject({ status: 200 })
    expect(await call(copies[other], app, 'auth.signIn', { body: '{' })).toEqual(failure(400, 'InvalidInput'))
    expect(await call(copies[other], app, 'auth.signIn', { body: '{"provider":"credentials"}' })).toEqual(
      failure(400, 'InvalidInput'),
    )
    expect(await call(copies[other], app, 'mine', { method: 'GET' })).toEqual(failure(401, 'SessionRequired'))
  })

  test('passes on what the app throws, whichever copy it took the class from', async () => {
    const refuse = () => {
      throw new copies[other].AuthError('StepUpRequired')
    }
    const app = openApp(copies[one], copies[one], refuse)
    const input = JSON.stringify({ provider: 'credentials', name: 'ada' })
    expect(await call(copies[one], app, 'auth.signIn', { body: input })).toEqual(failure(403, 'StepUpRequired'))
    expect(await call(copies[one], app, 'asked', { method: 'GET' })).toMatchObject({ status: 200 })
    expect(await call(copies[one], app, 'asked', { method: 'GET', condition: refuse })).toEqual(
      failure(403, 'StepUpRequired'),
    )
    const request = new Request(`${ORIGIN}/auth/signin/credentials`, {
      method: 'POST',
      headers: { origin: ORIGIN, 'content-type': 'application/json' },
      body: '{"name":"ada"}',
    })
    const response = await app.auth.handler(request)
    expect([response.status, await response.json()]).toEqual([
      403,
      { error: expect.objectContaining({ kind: 'StepUpRequired' }) },
    ])
  })

  test('gives its context to the procedures of the other', async () => {
    const app = openApp(copies[one], copies[one])
    const { authRouter } = copies[other].createAuthRouter(app.auth)
    const mixed = { ...app, kit: { ...app.kit, authRouter } }
    expect(await call(copies[one], mixed, 'auth.signOut')).toMatchObject({ status: 200 })
    expect(await call(copies[one], mixed, 'auth.signIn', { body: '[]' })).toEqual(failure(400, 'InvalidInput'))
  })

  test('knows the errors of the other by their brand', () => {
    const { AuthError, isAuthError } = copies[one].core
    const theirs = new copies[other].AuthError('RateLimited', { retryAfter: 3 })
    expect(isAuthError(new AuthError('RateLimited'))).toBe(true)
    expect(isAuthError(theirs) && theirs.retryAfter).toBe(3)
    expect(theirs).toBeInstanceOf(AuthError)
    expect(copies[one].readAuthError(copies[other].toTRPCError(theirs))).toBe(theirs)
    const strangers = [null, undefined, 'AuthError', new Error('x'), { kind: 'RateLimited', name: 'AuthError' }]
    expect(strangers.map(isAuthError)).toEqual(strangers.map(() => false))
    expect(strangers.filter((stranger) => stranger instanceof AuthError)).toEqual([])
  })

  test('and an app may extend the class: a subclass holds only its own', () => {
    class Refusal extends copies[one].AuthError<'AccessDenied'> {
      readonly reason = 'closed'
    }
    const refusal: unknown = new Refusal('AccessDenied')
    expect(refusal instanceof Refusal && refusal.reason).toBe('closed')
    expect(refusal).toBeInstanceOf(copies[other].AuthError)
    expect(new copies[one].AuthError('AccessDenied')).not.toBeInstanceOf(Refusal)
    expect(new copies[other].AuthError('AccessDenied')).not.toBeInstanceOf(Refusal)
  })
})
