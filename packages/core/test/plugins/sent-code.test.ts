import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  createAuth,
  credentials,
  definePlugin,
  memoryAdapter,
  mutation,
  signInMutation,
  table,
  text,
} from '@latchkey/core'

const CODE = '4711'
const codes = table({ digest: text(), code: text() }, { unique: [['digest']] })

/** A second factor whose code is sent by a mutation of its own, which signs nobody in. */
const byMail = (outbox: [to: string, code: string][]) =>
  definePlugin({
    id: 'mailed',
    tables: { codes },
    setup: ({ tables, hash }) => ({
      factors: { mailed: { isDue: () => true } },
      operations: {
        send: mutation({
          access: 'public',
          input: z.object({ challenge: z.string() }),
          run: async (call, { challenge }) => {
            const { user } = await call.pending(challenge)
            await tables.codes.insert({ digest: await hash(challenge), code: await hash(CODE) })
            outbox.push([user.email ?? '', CODE])
            return { sent: true }
          },
        }),
        verify: signInMutation({
          input: z.object({ challenge: z.string(), code: z.string() }),
          run: async (call, { challenge, code }) => {
            const pending = await call.pending(challenge)
            await call.attempt({ what: 'verify', whom: pending.user.id }, async () =>
              tables.codes.take({ digest: await hash(challenge) }, { code: await hash(code) }),
            )
            return call.finish(pending, 'mailed')
          },
        }),
      },
    }),
  })

function open() {
  const outbox: [to: string, code: string][] = []
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    adapter: memoryAdapter(),
    plugins: [byMail(outbox)],
    providers: [
      credentials({
        input: z.object({ name: z.string() }),
        identify: ({ name }) => name,
        authorize: ({ name }) => ({ id: name, name, email: `${name}@example.com` }),
      }),
    ],
  })
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json', origin: 'http://localhost:3000' }
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    const response = await auth.handler(new Request(`http://localhost:3000/auth/${path}`, init))
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return { outbox, post }
}

test('a mutation that signs nobody in sends a code for a sign-in that waits, and consumes no challenge', async () => {
  const { outbox, post } = open()
  const { challenge } = (await post('signin/credentials', { name: 'ann' })).body
  expect((await post('mailed/send', { challenge })).body).toEqual({ sent: true })
  expect(outbox).toEqual([['ann@example.com', CODE]])
  expect((await post('mailed/verify', { challenge, code: '0000' })).status).toBe(401)
  expect((await post('mailed/verify', { challenge, code: CODE })).body).toMatchObject({ status: 'signedIn' })
})

test('what names no sign-in sends nothing', async () => {
  const { outbox, post } = open()
  const { body } = await post('mailed/send', { challenge: 'a'.repeat(43) })
  expect([body, outbox]).toMatchObject([{ error: { kind: 'InvalidToken' } }, []])
})
