import { expect, test } from 'vitest'
import { open } from './support/open.ts'
import { askForCode, newAddress, receiveCode, receiveLink, signInWithCode, wrong } from './support/people.ts'

test('a mail that can’t be sent is logged, and the response is the same', async () => {
  const send = async () => {
    throw new Error('connect ECONNREFUSED 127.0.0.1:25')
  }
  const { client, log, mailbox } = await open({ code: { send } })
  expect((await askForCode(client('cookie'), newAddress())).data).toEqual({ status: 'sent', expiresIn: 600 })
  await mailbox.settle()
  expect(log.filter((line) => line.startsWith('error: emailCode: a mail could not be sent'))).toHaveLength(1)
  expect(log.join('\n')).toContain('ECONNREFUSED')
})

test('a mail server that never answers keeps nobody waiting', async () => {
  const { client } = await open({ code: { send: () => new Promise(() => {}) } })
  const began = performance.now()
  await askForCode(client('cookie'), newAddress())
  expect(performance.now() - began).toBeLessThan(2_000)
})

test('waitUntil is given what is still to be done', async () => {
  const waiting: Promise<void>[] = []
  const { client, mailbox } = await open({ code: { waitUntil: (sending) => void waiting.push(sending) } })
  const email = newAddress()
  await askForCode(client('cookie'), email)
  await Promise.all(waiting)
  expect([waiting.length, mailbox.sent.map(({ to }) => to)]).toEqual([1, [email]])
})

test('waitUntil that throws fails no request', async () => {
  const waitUntil = () => {
    throw new Error('outside of a request')
  }
  const { client, mailbox, log } = await open({ code: { waitUntil } })
  const email = newAddress()
  expect((await askForCode(client('cookie'), email)).kind).toBeNull()
  await mailbox.take('code', email)
  expect(log.join('\n')).toContain('outside of a request')
})

test.each(['cookie', 'token'] as const)('S13 the log has no code, no link and no token (%s)', async (flow) => {
  const { client, mailbox, log } = await open({
    events: {
      signIn: () => {
        throw new Error('an event fails, so that there is something to log')
      },
    },
  })
  const [ann, email, wanted] = [client(flow), newAddress(), newAddress('new')]
  const { code, handle, use } = await receiveCode(ann, mailbox, email)
  await use(wrong(code))
  await use()
  await use()
  const link = await receiveLink(ann, mailbox, newAddress())
  await link.confirm()
  await link.confirm()
  await signInWithCode(ann, mailbox, newAddress())
  await ann.mutate('auth.account.changeEmail', { email: wanted })
  const change = await mailbox.take('changeCode', wanted)
  await ann.mutate('auth.account.confirmEmail', { code: wrong(change.code) })
  await ann.mutate('auth.account.confirmEmail', { code: change.code })
  const text = log.join('\n')
  expect(text).toContain('an event fails')
  // As whole words: six digits may be part of another number.
  for (const digits of [code, change.code]) expect(text).not.toMatch(new RegExp(String.raw`\b${digits}\b`))
  const secrets = [link.token, link.url, handle.request, link.handle.request, ...ann.cookies.values()]
  for (const secret of secrets) if (secret) expect(text).not.toContain(secret)
  if (ann.tokens) for (const token of Object.values(ann.tokens)) expect(text).not.toContain(token)
})
