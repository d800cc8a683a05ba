import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Auth, memoryAdapter } from '../../src/index.ts'
import { COOKIE, makeAuth, openClock, ORIGIN, SECRET } from '../support/auth.ts'
import { DOORS, type Door, forge, headerFor } from '../support/doors.ts'
import { deriveKey } from '../support/forge.ts'

const READING = DOORS.filter(({ kind }) => kind === 'session cookie' || kind === 'access token')
const RETIRED = 'the secret that this app had before, and long enough'

/** Counts what Node's crypto really does: keys, ciphers, MACs and hashes. */
function countCrypto(): { readonly take: () => Record<string, number> } {
  const names = ['createDecipheriv', 'createHmac', 'createHash', 'createSecretKey', 'timingSafeEqual'] as const
  let counts: Record<string, number> = {}
  for (const name of names) {
    const real = crypto[name]
    const counting = (...args: unknown[]): unknown => {
      counts[name] = (counts[name] ?? 0) + 1
      return Reflect.apply(real, crypto, args)
    }
    Reflect.set(crypto, name, counting)
    onTestFinished(() => {
      Reflect.set(crypto, name, real)
      syncBuiltinESMExports()
    })
  }
  syncBuiltinESMExports()
  const take = () => {
    const taken = counts
    counts = {}
    return taken
  }
  return { take }
}

function openEngine() {
  const clock = openClock()
  const calls: string[] = []
  const adapter = new Proxy(memoryAdapter(), {
    get: (store, name) => {
      calls.push(String(name))
      return Reflect.get(store, name)
    },
  })
  const secret = [SECRET, RETIRED] as const
  const auth = makeAuth({
    adapter,
    secret,
    clock: clock.read,
    session: { strategy: 'jwt', revalidateAge: '1d' },
    tokens: { enabled: true },
  })
  calls.length = 0
  return { auth, calls, now: clock.seconds() }
}

/** Everything that the sender learns, but for when. */
async function ask(auth: Auth, door: Door, token: string) {
  const sent = door.kind === 'access token' ? { authorization: `Bearer ${token}` } : { cookie: `${COOKIE}=${token}` }
  const response = await auth.handler(new Request(`${ORIGIN}/auth/session`, { headers: sent }))
  return { status: response.status, headers: [...response.headers], body: await response.text() }
}

function swap(token: string, part: number): string {
  const parts = token.split('.')
  const text = parts[part] ?? ''
  return parts.with(part, (text.startsWith('A') ? 'B' : 'A') + text.slice(1)).join('.')
}

/** Forgeries that look like ours until a key is tried: for somebody who exists and for nobody, of this app's making and of others'. */
function forgeAll(door: Door, now: number) {
  const good = forge(door, now)
  const kid = headerFor(door, deriveKey(SECRET, door.salt))
  const otherKey = deriveKey('another app’s secret, just as long', door.salt)
  return [
    { forgery: 'another tag', token: swap(good, 4) },
    { forgery: 'another nonce', token: swap(good, 2) },
    { forgery: 'another ciphertext', token: swap(good, 3) },
    { forgery: 'another key under our name', token: forge(door, now, { key: otherKey, header: kid }) },
    {
      forgery: 'nobody, with another key under our name',
      token: forge(door, now, { key: otherKey, header: kid, payload: { ...door.claims(now), sub: 'nobody' } }),
    },
    {
      forgery: 'an expired one, with another key under our name',
      token: forge(door, now, { key: otherKey, header: kid, payload: { ...door.claims(now), exp: now - 1 } }),
    },
    {
      forgery: 'another key under the name of the retired one',
      token: forge(door, now, { key: otherKey, header: headerFor(door, deriveKey(RETIRED, door.salt)) }),
    },
  ]
}

describe.each(READING)('Q01 forged tokens cost and answer the same: a $kind', (door) => {
  test('one opening each, however often it comes, and nothing of the store', async () => {
    const { auth, calls, now } = openEngine()
    const counted = countCrypto()
    const good = await ask(auth, door, forge(door, now))
    expect(good.body).toContain('ann')
    const another = forge(door, now, { payload: { ...door.claims(now), jti: 'j-2' } })
    const forgeries = forgeAll(door, now)
    counted.take()
    await ask(auth, door, another)
    // What is good costs this much, the first time.
    const cost = counted.take()
    expect(cost).toEqual({ createDecipheriv: 1 })
    const answer = await ask(auth, door, forgeries[0]?.token ?? '')
    expect(answer).not.toEqual(good)
    counted.take()
    for (let round = 0; round < 3; round++) {
      for (const { forgery, token } of forgeries) {
        expect({ forgery, ...(await ask(auth, door, token)) }).toEqual({ forgery, ...answer })
        expect({ forgery, ...counted.take() }).toEqual({ forgery, ...cost })
      }
    }
    expect(calls).toEqual([])
    // None of them took the place of one that was remembered.
    await ask(auth, door, another)
    expect(counted.take()).toEqual({})
  })

  test('without a name for its key, one opening per secret and no more', async () => {
    const { auth, now } = openEngine()
    const header = { ...headerFor(door, Buffer.alloc(32)), kid: undefined }
    const otherKey = deriveKey('another app’s secret, just as long', door.salt)
    const forgeries = [forge(door, now, { key: otherKey, header }), swap(forge(door, now, { header }), 4)]
    await ask(auth, door, forge(door, now))
    const counted = countCrypto()
    const answers = []
    for (const token of forgeries) {
      answers.push(await ask(auth, door, token))
      expect(counted.take()).toEqual({ createDecipheriv: 2 })
    }
    expect(answers[1]).toEqual(answers[0])
    // The one that is good without a name opens with the first.
    expect((await ask(auth, door, forge(door, now, { header }))).body).toContain('ann')
  })

  test('what has another shape answers the same and reaches no key', async () => {
    const { auth, now } = openEngine()
    const good = forge(door, now)
    await ask(auth, door, good)
    const answer = await ask(auth, door, swap(good, 4))
    const shapes = [`${good}.`, `${good}A`, good.slice(0, -30), good.replace('..', '.AAAA.'), 'A'.repeat(9_000)]
    const misshapen = door.kind === 'access token' ? shapes.slice(0, 4) : [...shapes, 'x', `${good}=`]
    const counted = countCrypto()
    for (const token of misshapen) {
      expect(await ask(auth, door, token)).toEqual(answer)
      expect(counted.take()).toEqual({})
    }
  })
})
