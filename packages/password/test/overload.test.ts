import { argon2id } from '@latchkey/password'
import { afterEach, expect, test } from 'vitest'
import { GOOD, OTHER, type PasswordApp, startPasswordApp } from './support/app.ts'

let app: PasswordApp
afterEach(() => app.stop())

const signIn = { provider: 'password', email: 'ann@example.com', password: GOOD }

test('more sign-ins than can be checked are refused at once, with the time to come back, and aren’t counted as guesses', async () => {
  const gates: (() => void)[] = []
  let isSlow = false
  const argon2 = argon2id()
  const hasher = {
    ...argon2,
    hash: async (password: string) => {
      if (isSlow) await new Promise<void>((resolve) => void gates.push(resolve))
      return argon2.hash(password)
    },
  }
  app = await startPasswordApp({ password: { hasher, maxConcurrent: 1, maxWaiting: 2 } })
  await app.client('cookie').mutate('auth.password.signUp', { email: 'ann@example.com', password: GOOD })
  // Makes the hash that unknown addresses are checked against.
  await app.client('cookie').mutate('auth.signIn', signIn)
  isSlow = true
  const signInFrom = (address: string, password = GOOD) =>
    app.client('cookie', { address }).mutate('auth.signIn', { ...signIn, password })
  const names = ['bob', 'eve', 'joe']
  const admitted = names.map((name) =>
    app.client('cookie').mutate('auth.password.signUp', { email: `${name}@example.com`, password: GOOD }),
  )
  await expect.poll(() => gates.length).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 100))
  for (let round = 0; round < 15; round++) {
    const refused = await signInFrom(`203.0.113.${10 + round}`, OTHER)
    expect(refused).toMatchObject({ status: 429, kind: 'RateLimited' })
    expect(refused.error?.['retryAfter']).toBeLessThan(60)
  }
  isSlow = false
  gates.shift()?.()
  for (const answer of admitted) expect((await answer).status).toBe(200)
  expect(await signInFrom('203.0.113.99')).toMatchObject({ status: 200 })
})
