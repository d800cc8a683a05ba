import { existsSync, readFileSync } from 'node:fs'
import { authErrorFormatter } from '@latchkey/trpc'
import { initTRPC } from '@trpc/server'
import superjson from 'superjson'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createApp, type Engine, openEngine } from './support/app.ts'
import { openScene, type Scene } from './support/scene.ts'

const VECTORS = new URL('../../../../shared/vectors/attack-lists/proto.json', import.meta.url)
const REQUIRED = process.env.REQUIRE_VECTORS === '1'

const CASE = z.object({
  body: z.string().optional(),
  superjson: z.unknown().optional(),
  formdata: z.record(z.string(), z.string()).optional(),
  path: z.string().optional(),
  batchInput: z.unknown().optional(),
})
type Case = z.infer<typeof CASE>

function readCases(): readonly Case[] {
  if (!existsSync(VECTORS) && !REQUIRED) return []
  return z.object({ cases: z.array(CASE) }).parse(JSON.parse(readFileSync(VECTORS, 'utf8'))).cases
}

const cases = readCases()
const JSON_BODY = { 'content-type': 'application/json' }
const TARGETS = ['auth.signIn', 'auth.signOut', 'auth.updateSession', 'auth.sessions.revoke', 'save']

/** The requests that a case stands for. */
function* requestsOf({ browser, url }: Scene, attack: Case): Generator<() => Promise<Response>> {
  const post = (path: string, body: string) => () =>
    browser.fetch(`${url}/${path}`, { method: 'POST', headers: JSON_BODY, body })
  for (const target of TARGETS) {
    if (attack.body) yield post(target, attack.body)
    if (attack.superjson) yield post(target, JSON.stringify(attack.superjson))
    if (attack.batchInput) yield post(`${target}?batch=1`, JSON.stringify(attack.batchInput))
    if (attack.formdata) {
      const form = new FormData()
      for (const [name, value] of Object.entries(attack.formdata)) form.set(name, value)
      yield () => browser.fetch(`${url}/${target}`, { method: 'POST', body: form })
    }
  }
  if (attack.path) {
    yield () => browser.fetch(`${url}/${attack.path}`)
    yield () => browser.fetch(`${url}/auth.${attack.path}`)
    yield post(`auth.${attack.path}`, '{}')
  }
}

/** The app of the other tests with superjson between it and its clients. */
function withSuperjson({ kit }: Engine) {
  const t = initTRPC
    .context<ReturnType<Engine['kit']['authContext']>>()
    .create({ transformer: superjson, errorFormatter: authErrorFormatter })
  const save = t.procedure
    .concat(kit.protectedProcedure)
    .input(z.object({ text: z.string() }))
    .mutation(({ input }) => input.text)
  return t.router({ auth: kit.authRouter, save })
}

describe.skipIf(cases.length === 0)(
  'T09 prototype pollution and confused paths (skipped: the vectors are not here)',
  () => {
    test('the list has cases', () => expect(cases.length).toBeGreaterThan(20))

    describe.each(['JSON', 'superjson'])('%s', (format) => {
      test.each(cases.map((attack) => [JSON.stringify(attack), attack] as const))('%s', async (_, attack) => {
        const before = Object.getOwnPropertyNames(Object.prototype)
        const engine = await openEngine()
        const router = format === 'superjson' ? withSuperjson(engine) : createApp(engine).router
        const scene = await openScene({ served: { router, createContext: (from) => engine.kit.authContext(from) } })
        for (const request of requestsOf(scene, attack)) {
          const response = await request()
          expect([response.status, response.status < 500]).toEqual([response.status, true])
          expect(response.headers.getSetCookie().filter((cookie) => !/Max-Age=0/.test(cookie))).toEqual([])
        }
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
        expect(({} as { polluted?: unknown; isAdmin?: unknown }).isAdmin).toBeUndefined()
        expect(engine.attempts).toEqual([])
      })
    })
  },
)
