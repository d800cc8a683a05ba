import { createBackground, createRandomText, isLoopback, type Logger } from '@latchkey/core'
import { expect, test } from 'vitest'

function open(waitUntil?: (work: Promise<void>) => void) {
  const log: unknown[] = []
  const logger: Logger = { error: (...line) => void log.push(line), warn: (...line) => void log.push(line) }
  return { log, inBackground: createBackground({ logger, waitUntil }) }
}

test('what is done in the background begins after the caller has gone on', async () => {
  const order: string[] = []
  const work: Promise<void>[] = []
  const { log, inBackground } = open((promise) => void work.push(promise))
  inBackground('it failed', () => void order.push('task'))
  order.push('response')
  await Promise.all(work)
  expect(order).toEqual(['response', 'task'])
  expect(log).toEqual([])
})

test('what fails in the background is logged, and what it is waited for by is not rejected', async () => {
  const work: Promise<void>[] = []
  const { log, inBackground } = open((promise) => void work.push(promise))
  const cause = new Error('the mail server is down')
  inBackground('a mail could not be sent', () => Promise.reject(cause))
  await Promise.all(work)
  expect(log).toEqual([['a mail could not be sent', cause]])
})

test('waitUntil that throws fails nobody, and the task is done all the same', async () => {
  const { log, inBackground } = open(() => {
    throw new Error('outside of a request')
  })
  const done = new Promise<void>((resolve) => inBackground('it failed', resolve))
  await done
  expect(log).toHaveLength(1)
})

test('random texts are base64url of as many bytes as asked for, and differ', () => {
  expect(createRandomText()).toMatch(/^[\w-]{43}$/)
  expect(createRandomText(16)).toMatch(/^[\w-]{22}$/)
  expect(createRandomText()).not.toBe(createRandomText())
})

test.each([
  ['localhost', true],
  ['app.localhost', true],
  ['127.0.0.1', true],
  ['[::1]', true],
  ['localhost.example.com', false],
  ['127.0.0.1.example.com', false],
  ['10.0.0.1', false],
])('%s is this machine: %s', (hostname, expected) => {
  expect(isLoopback(hostname)).toBe(expected)
})
