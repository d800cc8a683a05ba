import { argon2id, pbkdf2, scrypt } from '@latchkey/password'
import { expect, test, vi } from 'vitest'
import { readConcurrency } from '../src/hashing/concurrency.ts'
import { withEvenTime } from '../src/hashing/even-time.ts'
import { argon2id as webArgon2id, createDefaultHasher, scrypt as webScrypt } from '../src/hashing/native-web.ts'
import { createPasswords } from '../src/hashing/passwords.ts'
import { createQueue } from '../src/hashing/queue.ts'

const PASSWORD = 'pä$$wörd 🐎'
const quiet = { error: () => {}, warn: () => {} }

test.each([
  {
    name: 'argon2id',
    hasher: argon2id(),
    form: /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/,
    other: argon2id({ timeCost: 3 }),
  },
  {
    name: 'scrypt',
    hasher: scrypt(),
    form: /^\$scrypt\$ln=15,r=8,p=3\$/,
    other: scrypt({ logCost: 16, parallelism: 2 }),
  },
  {
    name: 'pbkdf2',
    hasher: pbkdf2(),
    form: /^\$pbkdf2-sha256-chain\$i=100000,n=6\$/,
    other: pbkdf2({ iterations: 700_000 }),
  },
])('P13: $name hashes with a salt of its own, and sees parameters that changed', async ({ hasher, form, other }) => {
  const [one, two] = [await hasher.hash(PASSWORD), await hasher.hash(PASSWORD)]
  expect(one).toMatch(form)
  expect(one).not.toBe(two)
  expect(await hasher.verify(one, PASSWORD)).toBe(true)
  expect(await hasher.verify(one, `${PASSWORD} `)).toBe(false)
  expect(hasher.reads(one)).toBe(true)
  expect([hasher.needsRehash(one), other.needsRehash(one)]).toEqual([false, true])
  expect(await other.verify(one, PASSWORD)).toBe(true)
})

test.each([
  ['argon2id with little memory', () => argon2id({ memoryCost: 4_096, timeCost: 100 })],
  ['argon2id with one pass', () => argon2id({ timeCost: 1 })],
  ['argon2id with a fraction', () => argon2id({ timeCost: 2.5 })],
  ['scrypt with little memory', () => scrypt({ logCost: 12 })],
  ['pbkdf2 with few iterations', () => pbkdf2({ iterations: 100_000 })],
  ['pbkdf2 with a number that isn’t whole', () => pbkdf2({ iterations: 650_000 })],
  ['argon2id where no native code runs', () => webArgon2id()],
  ['scrypt where no Node is', () => webScrypt()],
])('%s is refused at the start', (_, make) => {
  expect(make).toThrow(expect.objectContaining({ kind: 'Configuration' }))
})

test('where no native code runs the default is PBKDF2, and says so', async () => {
  const lines: string[] = []
  const hasher = createDefaultHasher({ ...quiet, warn: (line) => void lines.push(line) })
  expect(await hasher.verify(await hasher.hash(PASSWORD), PASSWORD)).toBe(true)
  expect(lines.join()).toMatch(/PBKDF2.*hasher: pbkdf2\(\)/)
})

test('one password has one hash in every Unicode form, and one that came from elsewhere is checked as it was typed', async () => {
  const hasher = argon2id()
  const passwords = createPasswords({
    hasher,
    legacy: [],
    queue: createQueue({ maxConcurrent: 2, maxWaiting: 9 }),
    logger: quiet,
  })
  const stored = await passwords.hash('caf\u00e9 \ufb01ne')
  expect(await passwords.check(stored, 'cafe\u0301 fine')).toMatchObject({ isRight: true, isOutdated: false })
  expect(await passwords.check(stored, 'cafe fine')).toMatchObject({ isRight: false })
  const imported = await hasher.hash('cafe\u0301')
  expect(await passwords.check(imported, 'cafe\u0301')).toMatchObject({ isRight: true })
})

test('a hash of no kind that is read is logged, and never right', async () => {
  const lines: string[] = []
  const logger = { ...quiet, error: (line: string) => void lines.push(line) }
  const queue = createQueue({ maxConcurrent: 2, maxWaiting: 9 })
  const passwords = createPasswords({ hasher: argon2id(), legacy: [], queue, logger })
  expect(await passwords.check('plain text', 'plain text')).toMatchObject({ isRight: false })
  expect(lines).toHaveLength(1)
})

test.each([
  { processors: 1, expected: 1 },
  { processors: 2, expected: 1 },
  { processors: 3, expected: 2 },
  { processors: 64, expected: 2 },
  { processors: undefined, expected: 2 },
])('X09 with $processors processors, $expected passwords are hashed at a time', ({ processors, expected }) => {
  vi.stubGlobal('process', undefined)
  vi.stubGlobal('navigator', { hardwareConcurrency: processors })
  const inBrowser = readConcurrency()
  vi.stubGlobal('process', { getBuiltinModule: () => ({ availableParallelism: () => processors }) })
  vi.stubGlobal('navigator', undefined)
  const inNode = readConcurrency()
  vi.unstubAllGlobals()
  expect([inBrowser, inNode]).toEqual([expected, expected])
})

test('few hashes run at a time, a bounded number waits, and whoever comes then is refused at once', async () => {
  const queue = createQueue({ maxConcurrent: 2, maxWaiting: 3 })
  const releases: (() => void)[] = []
  let running = 0
  const task = async () => {
    running++
    await new Promise<void>((resolve) => void releases.push(resolve))
    running--
  }
  const tasks = Array.from({ length: 5 }, () => queue(task))
  expect(running).toBe(2)
  await expect(queue(task)).rejects.toMatchObject({ kind: 'RateLimited', retryAfter: expect.any(Number) as number })
  while (releases.length > 0) {
    releases.shift()?.()
    await new Promise((resolve) => setTimeout(resolve))
    expect(running).toBeLessThanOrEqual(2)
  }
  await Promise.all(tasks)
  // A task that fails gives its place back too.
  await expect(queue(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await queue(async () => 'done')).toBe('done')
})

test('with old hashes about, refusals come at multiples of a quarter of a second', async () => {
  const takes = (took: number, isRight: boolean) => async () => ({ isRight, isOutdated: false, took })
  const measure = async (check: ReturnType<typeof withEvenTime>) => {
    const began = performance.now()
    await check(null, '')
    return performance.now() - began
  }
  expect(await measure(withEvenTime(takes(100, false)))).toBeGreaterThan(140)
  expect(await measure(withEvenTime(takes(100, true)))).toBeLessThan(100)
})
