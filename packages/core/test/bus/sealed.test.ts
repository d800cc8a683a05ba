import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { memoryAdapter } from '../../src/index.ts'
import { createBox as createNodeBox } from '../../src/token/box-node.ts'
import { createBox as createWebBox } from '../../src/token/box-web.ts'
import { COOKIE, makeAuth, openLog, SECRET } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'
import { openWire } from '../support/wire.ts'

const OLD = SECRET
const NEW = 'Zt8yR5w2QnXk6vB1mJ4hG7fD0sA3pLcE'
const PURPOSE = 'latchkey.bus.1'
const now = Date.now()
const SENT = { from: 'another', number: 0, at: now }

type Secret = string | readonly [string, ...string[]]

/** Two instances on one store, with a bus between them in the test's hands, and somebody signed in. */
async function openPair({ here = OLD, there = OLD }: { readonly here?: Secret; readonly there?: Secret } = {}) {
  const wire = openWire()
  const { logger, lines } = openLog()
  const adapter = memoryAdapter()
  const options = {
    adapter,
    logger,
    session: { strategy: 'jwt' },
    claims: { org: z.string() },
    update: z.object({ org: z.string() }),
  } as const
  const ends = { here: wire.openEnd(), there: wire.openEnd() }
  const auth = {
    here: makeAuth({ ...options, secret: here, bus: ends.here }),
    there: makeAuth({ ...options, secret: there, bus: ends.there }),
  }
  const browser = createBrowser(auth.here)
  await browser.signIn()
  const copy = createBrowser(auth.there)
  copy.cookies.set(COOKIE, browser.cookies.get(COOKIE) ?? '')
  const sessionId = (await adapter.listSessions({ userId: 'ann', now: new Date() }))[0]?.id ?? ''
  const isSignedInThere = async () => (await copy.session()) !== null
  return { ...wire, ends, browser, sessionId, isSignedInThere, messages: () => lines.map(({ message }) => message) }
}

/** Somebody signs out here; what that sends, and whose session it ends. */
async function openSignOut(secrets: Parameters<typeof openPair>[0] = {}) {
  const pair = await openPair(secrets)
  await pair.browser.signOut()
  const [message = ''] = pair.sent
  return { ...pair, message }
}

describe('what an instance tells others', () => {
  test('is one message, sealed: neither who nor what can be read', async () => {
    const { browser, sent } = await openPair()
    await browser.post('/auth/session', { org: 'acme' })
    await browser.signOut()
    expect(sent).toEqual([expect.stringMatching(/^1\.[\w-]+$/), expect.stringMatching(/^1\.[\w-]+$/)])
    for (const message of sent) {
      const bytes = Buffer.from(message.slice(2), 'base64url').toString('latin1')
      for (const word of ['ann', 'acme', 'revoked', 'changed', 'session'])
        expect(bytes.toLowerCase()).not.toContain(word)
    }
  })

  test('S03 ends the session there', async () => {
    const { message, ends, isSignedInThere, messages } = await openSignOut()
    expect(await isSignedInThere()).toBe(true)
    ends.there.deliver(message)
    expect(await isSignedInThere()).toBe(false)
    expect(messages()).toEqual([])
  })

  test('of 250 sessions that end at once, no message names more than 100', async () => {
    const wire = openWire()
    const adapter = memoryAdapter()
    const auth = makeAuth({ adapter, bus: wire.openEnd() })
    for (let session = 0; session < 250; session++) await createBrowser(auth).signIn()
    await auth.revokeSessions('ann')
    const box = createNodeBox([SECRET], PURPOSE)
    const named = await Promise.all(
      wire.sent.map(async (message) => JSON.parse((await box.open(message.slice(2))) ?? '')),
    )
    expect(named.map(({ sessionIds }) => sessionIds.length)).toEqual([100, 100, 50])
  })
})

describe('rotation of secrets', () => {
  test.each([
    { sender: OLD, reader: [NEW, OLD] },
    { sender: [OLD, NEW], reader: [NEW, OLD] },
    { sender: [NEW, OLD], reader: [OLD, NEW] },
  ] as const)('$reader hear $sender', async ({ sender, reader }) => {
    const { message, ends, isSignedInThere } = await openSignOut({ here: sender, there: reader })
    expect(await isSignedInThere()).toBe(true)
    ends.there.deliver(message)
    expect(await isSignedInThere()).toBe(false)
  })

  test('an instance that lacks the newest secret hears nothing, and the log says why', async () => {
    const { message, ends, messages } = await openSignOut({ here: [NEW, OLD], there: OLD })
    ends.there.deliver(message)
    expect(messages()).toEqual([expect.stringMatching(/none of the secrets opens.*has another `secret`/)])
  })
})

/** Every way to spoil a message, and what the log says of it. */
const ATTACKS: readonly {
  readonly attack: string
  readonly forge: (message: string, id: string) => unknown
  readonly logged: number
}[] = [
  { attack: 'a byte less', forge: (message) => message.slice(0, -2), logged: 1 },
  { attack: 'only its beginning', forge: (message) => message.slice(0, 20), logged: 1 },
  { attack: 'nothing after the version', forge: () => '1.', logged: 1 },
  { attack: 'a bit of the nonce changed', forge: (message) => flip(message, 4), logged: 1 },
  { attack: 'a bit of the text changed', forge: (message) => flip(message, 60), logged: 1 },
  { attack: 'a bit of the tag changed', forge: (message) => flip(message, message.length - 6), logged: 1 },
  { attack: 'another secret', forge: (_, id) => sealWith(NEW, PURPOSE, revoked(id)), logged: 1 },
  { attack: 'another purpose', forge: (_, id) => sealWith(OLD, 'latchkey.bus.2', revoked(id)), logged: 1 },
  { attack: 'another version in front', forge: (message) => message.replace('1.', '2.'), logged: 0 },
  {
    attack: 'a newer version',
    forge: () => `2.${sealText(OLD, 'latchkey.bus.2', 'what a later release says')}`,
    logged: 0,
  },
  {
    attack: 'the event unsealed',
    forge: (_, id) => JSON.stringify(revoked(id)),
    logged: 1,
  },
  {
    attack: 'an event that we do not know',
    forge: () => sealWith(OLD, PURPOSE, { type: 'locked', sent: SENT }),
    logged: 1,
  },
  {
    attack: 'ids that are no texts',
    forge: () => sealWith(OLD, PURPOSE, { type: 'revoked', sessionIds: [1], sent: SENT }),
    logged: 1,
  },
  { attack: 'sealed, and no JSON', forge: () => `1.${sealText(OLD, PURPOSE, '{')}`, logged: 1 },
  { attack: 'a session cookie', forge: () => '1.eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..x.y.z', logged: 1 },
  { attack: 'endless', forge: () => `1.${'x'.repeat(1_000_000)}`, logged: 1 },
  { attack: 'empty', forge: () => '', logged: 1 },
  { attack: 'an object', forge: (_, id) => revoked(id), logged: 1 },
  { attack: 'null', forge: () => null, logged: 1 },
]

/** What a holder of the secret can send. */
const revoked = (id: string) => ({ type: 'revoked', sessionIds: [id], sent: SENT })

test('what has the secret and the purpose is believed', async () => {
  const { sessionId, ends, isSignedInThere } = await openSignOut()
  ends.there.deliver(sealWith(OLD, PURPOSE, revoked(sessionId)))
  expect(await isSignedInThere()).toBe(false)
})

test.each(ATTACKS)('C13 $attack is ignored, logged $logged times, and throws nothing', async ({ forge, logged }) => {
  const { message, sessionId, ends, isSignedInThere, messages } = await openSignOut()
  const forged = forge(message, sessionId)
  for (let time = 0; time < 100; time++) expect(() => ends.there.deliver(forged)).not.toThrow()
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(await isSignedInThere()).toBe(true)
  expect(messages()).toHaveLength(logged)
  // It goes on listening.
  ends.there.deliver(message)
  expect(await isSignedInThere()).toBe(false)
})

function flip(message: string, position: number): string {
  const other = message[position] === 'A' ? 'B' : 'A'
  return message.slice(0, position) + other + message.slice(position + 1)
}

function sealWith(secret: string, purpose: string, event: object) {
  return `1.${sealText(secret, purpose, JSON.stringify(event))}`
}

function sealText(secret: string, purpose: string, text: string) {
  return createNodeBox([secret], purpose).seal(text) as string // Node's is done at once
}

describe.each([
  { from: 'Node', seal: createNodeBox, to: 'WebCrypto', open: createWebBox },
  { from: 'WebCrypto', seal: createWebBox, to: 'Node', open: createNodeBox },
])('what $from seals', ({ seal, to, open }) => {
  test.each(['', 'a', 'ü\u{1f512}', 'x'.repeat(50_000)])(`opens with ${to}`, async (text) => {
    const sealed = await seal([NEW, OLD], PURPOSE).seal(text)
    expect(await open([OLD, NEW], PURPOSE).open(sealed)).toBe(text)
    expect(await open([OLD], PURPOSE).open(sealed)).toBeNull()
    expect(await open([NEW], `${PURPOSE}1`).open(sealed)).toBeNull()
  })
})
