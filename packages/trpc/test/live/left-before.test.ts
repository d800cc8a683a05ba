import { createAuth, credentials, memoryAdapter } from '@latchkey/core'
import { initTRPC } from '@trpc/server'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createAuthRouter } from '../../src/index.ts'
import { signInByCookie } from '../support/live-app.ts'

const ORIGIN = 'http://app.test'

/** How many streams of one session an engine serves at once. */
const MAX_WATCHERS = 1_000

/** Ann's calls, as the server's own code makes them. */
async function openCaller() {
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    baseUrl: ORIGIN,
    adapter: memoryAdapter(),
    providers: [
      credentials({
        input: z.object({ name: z.string() }),
        identify: null,
        authorize: ({ name }) => ({ id: name, name }),
      }),
    ],
    logger: { error: () => {}, warn: () => {} },
  })
  const cookie = await signInByCookie({ auth })
  const { authRouter, authContext, protectedSubscription } = createAuthRouter(auth)
  const t = initTRPC.context<ReturnType<typeof authContext>>().create()
  const router = t.router({
    auth: authRouter,
    hello: t.procedure.concat(protectedSubscription).subscription(async function* ({ ctx }) {
      yield ctx.session.user.id
    }),
  })
  return (signal: AbortSignal) => router.createCaller(authContext({ headers: { cookie } }), { signal })
}

type Caller = ReturnType<Awaited<ReturnType<typeof openCaller>>>

const STREAMS: readonly {
  readonly name: string
  readonly open: (caller: Caller) => Promise<AsyncIterable<unknown>>
}[] = [
  { name: 'a guarded one', open: (caller) => caller.hello() },
  { name: 'onSessionChange', open: (caller) => caller.auth.onSessionChange() },
]

test.each(STREAMS)(
  'M31 M18 a stream whose reader has gone before it begins leaves no watch behind ($name)',
  async ({ open }) => {
    const call = await openCaller()
    for (let turn = 0; turn < MAX_WATCHERS; turn++) {
      const stream = await open(call(AbortSignal.abort()))
      // To its end, if it has one.
      for await (const item of stream) expect(item).toMatchObject({ user: { id: 'ann' } })
    }
    // One too many would be refused.
    const leaving = new AbortController()
    const stream = await open(call(leaving.signal))
    const items: unknown[] = []
    for await (const item of stream) {
      items.push(item)
      leaving.abort()
    }
    expect(items).toHaveLength(1)
  },
)
