import { expect, test } from 'vitest'
import { z } from 'zod'
import { createAuth, definePlugin, mutation } from '@latchkey/core'

/** Guesses at Ann's word, counted under the same name by every plug-in. */
const guessing = <const TId extends string>(id: TId) =>
  definePlugin({
    id,
    setup: () => ({
      operations: {
        guess: mutation({
          access: 'public',
          input: z.object({ word: z.string() }),
          run: (call, { word }) =>
            call.attempt({ what: 'guess', whom: 'ann' }, () => (word === 'right' ? { right: true } : null)),
        }),
      },
    }),
  })

test('C9 two plug-ins that call a check by the same name count apart', async () => {
  const auth = createAuth({
    secret: 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa',
    limits: { signIn: { perIdentifier: 2 } },
    plugins: [guessing('first'), guessing('second')],
    logger: { error: () => {}, warn: () => {} },
  })
  const guess = async (plugin: string, word: string) => {
    const headers = { 'content-type': 'application/json', origin: 'http://localhost:3000' }
    const init = { method: 'POST', headers, body: JSON.stringify({ word }) }
    const response = await auth.handler(new Request(`http://localhost:3000/auth/${plugin}/guess`, init))
    const { error } = (await response.json()) as { error?: { kind: string } }
    return error?.kind ?? 'right'
  }
  expect(await guess('first', 'right')).toBe('right')
  expect([await guess('first', 'a'), await guess('first', 'b')]).toEqual(['CredentialsSignin', 'CredentialsSignin'])
  expect(await guess('first', 'right')).toBe('RateLimited')
  expect(await guess('second', 'right')).toBe('right')
})
