import { describe, expect, test } from 'vitest'
import { emailCode, type EmailCodeOptions } from '../src/index.ts'
import { open } from './support/open.ts'
import { askForCode, askForLink, newAddress, receiveCode, signInWithCode, wrong } from './support/people.ts'

const NOW = Date.UTC(2026, 10, 29, 12)
const HOUR = 3_600

/** An address of the documentation range. */
const stranger = (index: number) => `198.51.100.${index}`

const HOURS = 4

test('E04 in a day of guesses at one address, from any number of clients, too few are compared to succeed', async () => {
  const { client, wait } = await open({ now: NOW })
  const email = newAddress()
  let compared = 0
  for (let hour = 0; hour < HOURS; hour++) {
    for (let index = 1; index <= 12; index++) {
      const mallory = client('token', { address: stranger(index) })
      const asked = await askForCode(mallory, email)
      if (asked.kind) continue
      const input = { provider: 'email-code', email, code: '000000', request: asked.data.request }
      const guesses = await Promise.all(Array.from({ length: 7 }, () => mallory.mutate('auth.signIn', input)))
      compared += guesses.filter(({ kind }) => kind === 'CredentialsSignin').length
    }
    wait(HOUR)
  }
  expect(compared).toBe(HOURS * 10 * 5)
  expect(((compared / HOURS) * 24) / 1_000_000).toBeLessThan(0.01)
})

test('E04 one client gets fewer mails to one address than all together', async () => {
  const { client } = await open({ now: NOW })
  const email = newAddress()
  const ask = async (address: string) => (await askForCode(client('token', { address }), email)).kind
  const first = []
  for (let index = 0; index < 6; index++) first.push(await ask(stranger(1)))
  expect(first).toEqual([null, null, null, null, null, 'RateLimited'])
  // What was refused has used up nothing of the address's.
  const others = []
  for (let index = 2; index <= 7; index++) others.push(await ask(stranger(index)))
  expect(others).toEqual([null, null, null, null, null, 'RateLimited'])
})

test.each([
  ['an IPv6 network', (index: number) => `2001:db8:1:2::${index.toString(16)}`],
  ['an address in another notation', (index: number) => (index % 2 ? '::ffff:203.0.113.9' : '203.0.113.9')],
])('P08 %s is one client', async (_, address) => {
  const { client } = await open({ now: NOW })
  const email = newAddress()
  const kinds = []
  for (let index = 1; index <= 6; index++)
    kinds.push((await askForCode(client('token', { address: address(index) }), email)).kind)
  expect(kinds.at(-1)).toBe('RateLimited')
})

test('P06 one client can ask for mails to only so many addresses', async () => {
  const { client } = await open({ now: NOW, code: { limits: { perClient: { max: 3, window: '1h' } } } })
  const kinds = []
  for (let index = 0; index < 4; index++) kinds.push((await askForCode(client('token'), newAddress())).kind)
  expect(kinds).toEqual([null, null, null, 'RateLimited'])
})

test('there is a limit for all together, and it counts no device that is known', async () => {
  const { client, mailbox, wait } = await open({ now: NOW, code: { limits: { total: { max: 3, window: '1h' } } } })
  const [ann, email] = [client('cookie'), newAddress()]
  await signInWithCode(ann, mailbox, email)
  wait(HOUR)
  const kinds = []
  for (let index = 1; index <= 4; index++)
    kinds.push((await askForCode(client('token', { address: stranger(index) }), newAddress())).kind)
  expect(kinds).toEqual([null, null, null, 'RateLimited'])
  expect((await askForCode(ann, email)).kind).toBeNull()
})

describe.each(['cookie', 'token'] as const)('P05 a device that is known (%s)', (flow) => {
  test('gets its code, whatever strangers do', async () => {
    const { client, mailbox, wait } = await open({ now: NOW })
    const [ann, email] = [client(flow), newAddress()]
    const { use, handle } = await receiveCode(ann, mailbox, email)
    await use()
    wait(HOUR)
    for (let index = 1; index <= 30; index++) await askForCode(client('token', { address: stranger(index) }), email)
    // The same place, so the same address, but nothing that shows who it is.
    expect((await askForCode(client(flow), email)).kind).toBe('RateLimited')
    await mailbox.settle()
    mailbox.sent.splice(0)
    const again = await receiveCode(ann, mailbox, email, handle)
    expect((await again.use()).kind).toBeNull()
  })

  test('has a limit of its own', async () => {
    const { client, mailbox, wait } = await open({ now: NOW })
    const [ann, email] = [client(flow), newAddress()]
    const { use, handle } = await receiveCode(ann, mailbox, email)
    await use()
    wait(HOUR)
    const kinds = []
    for (let index = 0; index < 11; index++) kinds.push((await askForCode(ann, email, handle)).kind)
    expect(kinds.filter((kind) => kind === null)).toHaveLength(10)
    expect(kinds.at(-1)).toBe('RateLimited')
  })

  test('is known for this address only', async () => {
    const { client, mailbox } = await open({ now: NOW })
    const ann = client(flow)
    const { use, handle } = await receiveCode(ann, mailbox, newAddress())
    await use()
    const kinds = []
    for (let index = 0; index < 6; index++) kinds.push((await askForCode(ann, 'victim@example.com', handle)).kind)
    expect(kinds.at(-1)).toBe('RateLimited')
  })

  test('is forgotten after half a year', async () => {
    const { client, mailbox, wait } = await open({ now: NOW })
    const [ann, email] = [client(flow), newAddress()]
    const { use, handle } = await receiveCode(ann, mailbox, email)
    await use()
    wait(180 * 24 * HOUR)
    for (let index = 1; index <= 30; index++) await askForCode(client('token', { address: stranger(index) }), email)
    expect((await askForCode(ann, email, handle)).kind).toBe('RateLimited')
  })
})

test('a wrong code makes no device known', async () => {
  const { client, mailbox } = await open({ now: NOW })
  const [mallory, email] = [client('cookie'), newAddress()]
  const { code, use } = await receiveCode(mallory, mailbox, email)
  await use(wrong(code))
  const kinds = []
  for (let index = 0; index < 5; index++) kinds.push((await askForCode(mallory, email)).kind)
  expect(kinds.at(-1)).toBe('RateLimited')
})

test('links and codes are counted apart', async () => {
  const { client } = await open({ now: NOW })
  const email = newAddress()
  for (let index = 0; index < 5; index++) await askForCode(client('token'), email)
  expect((await askForLink(client('token'), email)).kind).toBeNull()
})

describe('options', () => {
  const send = () => {}
  test.each<[string, Partial<EmailCodeOptions>, string]>([
    ['longer than ten minutes', { maxAge: '11m' }, 'emailCode.maxAge'],
    ['five digits', { digits: 5 }, 'emailCode.digits'],
    ['no guess', { guesses: 0 }, 'emailCode.guesses'],
    ['eleven guesses', { guesses: 11 }, 'emailCode.guesses'],
    ['no mail', { limits: { total: { max: 0, window: '1h' } } }, 'emailCode.limits.total.max'],
    ['a window of nothing', { limits: { total: { max: 1, window: 0 } } }, 'emailCode.limits.total.window'],
    ['too many mails', { limits: { perAddress: { max: 10, window: '5m' } } }, 'emailCode.limits.perAddress'],
    ['no function', { send: 'smtp://' as never }, 'emailCode.send'],
  ])('E04 %s: refused, with the name of the option', (_, options, name) => {
    expect(() => emailCode({ send, ...options })).toThrow(`Configuration: ${name}: `)
  })

  test('more digits allow more mails', () => {
    expect(() => emailCode({ send, digits: 8, limits: { perAddress: { max: 10, window: '5m' } } })).not.toThrow()
  })

  test('as many digits as the app asks for', async () => {
    const { client, mailbox } = await open({ code: { digits: 8, maxAge: '2m' } })
    const [ann, email] = [client('cookie'), newAddress()]
    const { code, use } = await receiveCode(ann, mailbox, email)
    expect(code).toMatch(/^\d{8}$/)
    expect((await use()).kind).toBeNull()
  })
})
