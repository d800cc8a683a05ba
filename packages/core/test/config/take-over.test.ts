import { describe, expect, test } from 'vitest'
import { memoryAdapter } from '../../src/index.ts'
import type { TakeOverOptions } from '../../src/config/take-over-options.ts'
import { HTTPS_ORIGIN, makeAuth, ORIGIN, SECRET } from '../support/auth.ts'
import { createBrowser } from '../support/browser.ts'
import { openOldApp } from '../support/old-app.ts'

const ANN = { sub: 'ann', name: 'Ann' }
const OTHER_SECRET = 'the secret that the old app had alone'
const seconds = () => Math.floor(Date.now() / 1_000)

describe('C7 cookies.takeOver that is wrong is refused at construction', () => {
  test('and one that is right is taken', () => {
    expect(() => makeAuth({ cookies: { takeOver: { from: 'next-auth' } } })).not.toThrow()
  })

  test.each<{ readonly wrong: string; readonly takeOver: unknown; readonly names: string; readonly session?: string }>([
    { wrong: 'a word', takeOver: 'next-auth', names: 'cookies.takeOver' },
    { wrong: 'another library', takeOver: { from: 'lucia' }, names: 'cookies.takeOver.from' },
    { wrong: 'no library', takeOver: {}, names: 'cookies.takeOver.from' },
    { wrong: 'another cookie', takeOver: { from: 'authjs', write: 'both' }, names: 'cookies.takeOver.write' },
    { wrong: 'a name with a semicolon', takeOver: { from: 'authjs', name: 'a;b' }, names: 'cookies.takeOver.name' },
    {
      wrong: 'a secure name over http',
      takeOver: { from: 'authjs', name: '__Secure-x' },
      names: 'cookies.takeOver.name',
    },
    {
      wrong: 'a domain with an attribute',
      takeOver: { from: 'authjs', domain: 'a.b; Path=/x' },
      names: 'cookies.takeOver.domain',
    },
    { wrong: 'a short secret', takeOver: { from: 'authjs', secret: 'short' }, names: 'cookies.takeOver.secret' },
    { wrong: 'a name of ours beside it', takeOver: { from: 'authjs' }, session: 'mine', names: 'cookies.session.name' },
    {
      wrong: 'the same name for both',
      takeOver: { from: 'authjs', write: 'ours' },
      session: 'authjs.session-token',
      names: 'cookies.session.name',
    },
  ])('$wrong: the message names $names', ({ takeOver, session, names }) => {
    // From JavaScript anything may come.
    const cookies = {
      takeOver: takeOver as TakeOverOptions,
      ...(session !== undefined && { session: { name: session } }),
    }
    expect(() => makeAuth({ cookies })).toThrow(`${names}: `)
  })

  test('under the database strategy, with the option to use there', () => {
    const session = { strategy: 'database' } as const
    const make = () => makeAuth({ adapter: memoryAdapter(), session, cookies: { takeOver: { from: 'authjs' } } })
    expect(make).toThrow(/cookies\.takeOver: .*cookies\.session\.name/)
  })

  test('a __Host- name has no domain', () => {
    const takeOver = { from: 'authjs', name: '__Host-x', domain: '.app.test' } as const
    expect(() => makeAuth({ baseUrl: HTTPS_ORIGIN, cookies: { takeOver } })).toThrow('cookies.takeOver.domain: ')
  })
})

describe('C2 C3 the old app may have had another secret', () => {
  test.each([
    { secret: OTHER_SECRET },
    { secret: [SECRET, OTHER_SECRET] as [string, ...string[]] },
    { secret: () => OTHER_SECRET },
  ])('written as $secret: its sessions are taken over, and both apps open what is written', async ({ secret }) => {
    const old = openOldApp('authjs', seconds, { secret: OTHER_SECRET })
    const cookie = old.signIn(ANN)
    const ours = createBrowser(makeAuth({ cookies: { takeOver: { from: 'authjs', write: 'ours', secret } } }))
    ours.cookies.set(old.name, cookie)
    expect((await ours.session())?.user.id).toBe('ann')
    expect([...ours.cookies.keys()]).toEqual(['latchkey.session'])
  })

  test('in its cookie, its secret encrypts', async () => {
    const old = openOldApp('next-auth', seconds, { secret: OTHER_SECRET })
    const auth = makeAuth({ cookies: { takeOver: { from: 'next-auth', secret: OTHER_SECRET } } })
    const browser = createBrowser(auth)
    await browser.signIn()
    const value = browser.cookies.get(old.name) ?? ''
    expect(await old.open(value)).toMatchObject({ sub: 'ann' })
    const headers = { cookie: `${old.name}=${await old.renew(value)}` }
    expect((await auth.getSession(new Request(ORIGIN, { headers })))?.authTime).toBeInstanceOf(Date)
    // Who has the old app's secret alone can't say when somebody signed in.
    const other = makeAuth({
      secret: `${SECRET} another`,
      cookies: { takeOver: { from: 'next-auth', secret: OTHER_SECRET } },
    })
    expect(await other.getSession(new Request(ORIGIN, { headers }))).toMatchObject({
      user: { id: 'ann' },
      authTime: null,
    })
  })

  test('and a name of its own', async () => {
    const old = openOldApp('authjs', seconds, { name: 'my-app.session' })
    const takeOver = { from: 'authjs', name: 'my-app.session' } as const
    const headers = { cookie: `my-app.session=${old.signIn(ANN)}` }
    const session = await makeAuth({ cookies: { takeOver } }).getSession(new Request(ORIGIN, { headers }))
    expect(session?.user.id).toBe('ann')
  })
})
