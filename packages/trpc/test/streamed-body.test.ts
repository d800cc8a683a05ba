import { initTRPC } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { authErrorFormatter } from '@latchkey/trpc'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { openEngine, ORIGIN } from './support/app.ts'

/** A runtime that closes a request's body when its response is returned, though the response is still being written. */
async function openRuntime() {
  const { kit } = await openEngine()
  const t = initTRPC.context<ReturnType<typeof kit.authContext>>().create({ errorFormatter: authErrorFormatter })
  const router = t.router({
    auth: kit.authRouter,
    rename: t.procedure
      .concat(kit.protectedProcedure)
      .input(z.object({ title: z.string() }))
      .mutation(({ input }) => input.title),
  })
  const cookies = new Map<string, string>()
  const { auth } = kit.authContext({
    headers: {},
    setCookie: (name, _header, { value }) => void cookies.set(name, value),
  })
  await auth.signIn({ provider: 'credentials', name: 'ada', password: 'right' })
  const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')

  const call = async (path: string, input: object, headers: Readonly<Record<string, string>>) => {
    let isReturned = false
    let reads = 0
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          reads++
          if (isReturned) return controller.error(new TypeError('Body has already been used'))
          controller.enqueue(new TextEncoder().encode(JSON.stringify({ 0: input })))
          controller.close()
        },
      },
      { highWaterMark: 0 },
    )
    const init = {
      method: 'POST',
      headers: { origin: ORIGIN, 'content-type': 'application/json', 'trpc-accept': 'application/jsonl', ...headers },
      body,
      duplex: 'half',
    }
    const req = new Request(`${ORIGIN}/trpc/${path}?batch=1`, init)
    const response = await fetchRequestHandler({ endpoint: '/trpc', req, router, createContext: kit.authContext })
    isReturned = true
    return { text: await response.text(), reads }
  }
  return { call, cookie }
}

test('M39 a guarded mutation reads its input before the streamed response is returned', async () => {
  const { call, cookie } = await openRuntime()
  const { text } = await call('rename', { title: 'the new title' }, { cookie })
  expect(text).toContain('the new title')
  expect((await call('auth.signIn', { provider: 'credentials', name: 'ada', password: 'right' }, {})).text).toContain(
    'ResponseCommitted',
  )
})

test("C8 M39 and nothing of another site's request is parsed", async () => {
  const { call, cookie } = await openRuntime()
  expect((await call('rename', { title: 'x' }, { cookie })).reads).toBe(1)
  for (const path of ['rename', 'auth.signIn']) {
    const { text, reads } = await call(path, { title: 'x' }, { cookie, origin: 'https://evil.test' })
    expect(text).toContain('UntrustedOrigin')
    expect(reads, path).toBe(0)
  }
})
