import { expect, test } from 'vitest'
import { GOOD, OTHER, startPasswordApp } from './support/app.ts'

test('S13: no password and no token is ever logged', async () => {
  const broken = { hash: async () => Promise.reject(new Error('the hasher is broken')) }
  const app = await startPasswordApp({
    password: {
      send: (mail) => {
        secrets.push('token' in mail ? mail.token : mail.to)
        throw new Error('the mail server is down')
      },
    },
  })
  const secrets: string[] = [GOOD, OTHER]
  const browser = app.client('cookie')
  await browser.mutate('auth.password.signUp', { email: 'ann@example.com', password: GOOD })
  await browser.mutate('auth.password.signUp', { email: 'ann@example.com', password: { [GOOD]: OTHER } })
  await browser.mutate('auth.password.forgot', { email: 'ann@example.com' })
  await browser.mutate('auth.signIn', { provider: 'password', email: 'ann@example.com', password: OTHER })
  await browser.mutate('auth.password.verifyEmail', { token: 'only-a-guess', password: OTHER })
  await expect.poll(() => app.log.length).toBeGreaterThan(0)
  for (const secret of secrets.filter((text) => text.includes(' ') || text.length === 43))
    expect(app.log.join('\n')).not.toContain(secret)
  await app.stop()

  const failing = await startPasswordApp({
    password: {
      hasher: { name: 'broken', reads: () => true, verify: async () => false, needsRehash: () => false, ...broken },
    },
  })
  const answer = await failing
    .client('cookie')
    .mutate('auth.password.signUp', { email: 'ann@example.com', password: GOOD })
  expect(answer.status).toBe(500)
  expect(answer.text).not.toContain('broken')
  expect(failing.log.join('\n')).toContain('the hasher is broken')
  expect(failing.log.join('\n')).not.toContain(GOOD)
  await failing.stop()
})
