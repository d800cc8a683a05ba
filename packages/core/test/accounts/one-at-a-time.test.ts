import { AuthError, memoryAdapter } from '@latchkey/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runWithNewClaim, runOneAtATime } from '../../src/accounts/one-at-a-time.ts'
import { NoAnswer } from '../../src/store/unanswered.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Callers with the same name, each of whom takes this many seconds; and how many ran at the same time. */
function openLab() {
  const adapter = memoryAdapter()
  let running = 0
  const lab = {
    adapter,
    most: 0,
    order: [] as string[],
    wait: (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1_000)),
    work: (who: string, seconds: number) => async () => {
      lab.most = Math.max(lab.most, ++running)
      lab.order.push(who)
      await lab.wait(seconds)
      running--
      return who
    },
    run: (who: string, seconds: number) => runOneAtATime(adapter, 'ann', lab.work(who, seconds)),
  }
  return lab
}

test('one after the other, and whoever waits long ends nobody’s turn that has just begun', async () => {
  const lab = openLab()
  const all = Promise.all(['a', 'b', 'c'].map((who) => lab.run(who, 6)))
  await vi.advanceTimersByTimeAsync(19_500)
  expect([lab.order.length, lab.most]).toEqual([3, 1])
  expect(await all).toEqual(['a', 'b', 'c'])
})

test('names have nothing to do with each other, and a new one waits for nobody', async () => {
  const lab = openLab()
  const all = [lab.run('a', 1), runWithNewClaim(lab.adapter, 'bob', lab.work('b', 1))]
  await vi.advanceTimersByTimeAsync(1_100)
  expect([await Promise.all(all), lab.most]).toEqual([['a', 'b'], 2])
})

test('a claim whose process has died counts for ten seconds', async () => {
  const lab = openLab()
  void runWithNewClaim(lab.adapter, 'ann', () => new Promise(() => {}))
  const next = lab.run('next', 0)
  await vi.advanceTimersByTimeAsync(9_900)
  expect(lab.order).toEqual([])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await next).toBe('next')
})

test('a turn that took too long doesn’t end that of whoever came after', async () => {
  const lab = openLab()
  const all = Promise.all([lab.run('slow', 12), lab.wait(1).then(() => lab.run('second', 5))])
  await vi.advanceTimersByTimeAsync(12_500)
  const third = lab.run('third', 0)
  await vi.advanceTimersByTimeAsync(1_000)
  // The slow one has ended, and the second one goes on.
  expect(lab.order).toEqual(['slow', 'second'])
  await vi.advanceTimersByTimeAsync(5_000)
  expect([await all, await third, lab.most]).toEqual([['slow', 'second'], 'third', 2])
})

test('a write that was not answered may still happen: nobody else has a turn for ten seconds', async () => {
  const lab = openLab()
  const failed = runOneAtATime(lab.adapter, 'ann', async () => {
    throw new AuthError('AdapterError', { cause: new NoAnswer(2_000) })
  })
  await expect(failed).rejects.toThrow(AuthError)
  const next = lab.run('next', 0)
  await vi.advanceTimersByTimeAsync(9_900)
  expect(lab.order).toEqual([])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await next).toBe('next')
})

test('one that was refused, or failed at once, hands the turn on', async () => {
  const lab = openLab()
  for (const error of [new AuthError('AccessDenied'), new AuthError('AdapterError', { cause: new Error('no disk') })])
    await expect(runOneAtATime(lab.adapter, 'ann', () => Promise.reject(error))).rejects.toBe(error)
  const next = lab.run('next', 0)
  await vi.advanceTimersByTimeAsync(10)
  expect(await next).toBe('next')
})

test('a store that keeps no claims is an error, and one that doesn’t answer is one at once', async () => {
  const { adapter } = openLab()
  const broken = (error: Error) => ({
    ...adapter,
    createVerificationToken: async () => {
      throw error
    },
  })
  const silent = new AuthError('AdapterError', { cause: new NoAnswer(2_000) })
  await expect(runOneAtATime(broken(silent), 'ann', async () => {})).rejects.toBe(silent)
  const error = new Error('no such table')
  const failing = expect(runOneAtATime(broken(error), 'ann', async () => {})).rejects.toBe(error)
  await vi.advanceTimersByTimeAsync(25_000)
  await failing
})
