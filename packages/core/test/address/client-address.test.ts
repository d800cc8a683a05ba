import { describe, expect, test } from 'vitest'
import { readClientAddress, toClientKey } from '../../src/internal/client-address.ts'
import { makeAuth } from '../support/auth.ts'
import { createBrowser, readKind } from '../support/browser.ts'

describe('P08 one key per client', () => {
  test.each([
    { client: 'an IPv4 address', aliases: ['203.0.113.7', ' 203.0.113.7 ', '203.0.113.7:4711', '203.0.113.7:80'] },
    {
      client: 'an IPv4 address, mapped',
      aliases: [
        '203.0.113.7',
        '::ffff:203.0.113.7',
        '::FFFF:203.0.113.7',
        '0:0:0:0:0:ffff:203.0.113.7',
        '0000:0000:0000:0000:0000:ffff:203.0.113.7',
        '::ffff:cb00:7107',
        '::ffff:CB00:7107',
        '0:0:0:0:0:FFFF:cb00:7107',
        '[::ffff:203.0.113.7]',
        '[::ffff:203.0.113.7]:4711',
      ],
    },
    {
      client: 'one /64 of IPv6',
      aliases: [
        '2001:db8:1:2::1',
        '2001:db8:1:2::2',
        '2001:DB8:1:2::1',
        '2001:0db8:0001:0002:0000:0000:0000:0001',
        '2001:db8:1:2:ffff:ffff:ffff:ffff',
        '[2001:db8:1:2::9]',
        '[2001:db8:1:2::9]:4711',
        '2001:db8:1:2::1%eth0',
      ],
    },
    {
      client: 'zeros in the middle',
      aliases: ['2001:db8::5', '2001:db8:0:0::9', '2001:db8:0:0:1::', '2001:0db8:0000:0000::'],
    },
    { client: 'the loopback', aliases: ['::1', '0:0:0:0:0:0:0:1', '[::1]:80'] },
  ])('$client: all spellings are one', ({ aliases }) => {
    expect(new Set(aliases.map(toClientKey)).size).toBe(1)
  })

  test('but two clients are two', () => {
    const clients = [
      '203.0.113.7',
      '203.0.113.8',
      '2001:db8:1:2::1',
      '2001:db8:1:3::1',
      '2001:db8:1::1',
      '::1',
      '127.0.0.1',
      'fe80::1',
    ]
    expect(new Set(clients.map(toClientKey)).size).toBe(clients.length)
  })

  test.each([
    '',
    ' ',
    'unknown',
    '_hidden',
    ':',
    '::',
    ':::',
    '1:2',
    '::ffff:',
    '[',
    ']',
    '%',
    'x'.repeat(10_000),
    ':'.repeat(10_000),
    '1:2:3:4:5:6:7:8:9',
    '::ffff:999.999.999.999',
    '\u0000',
  ])('garbage is some key or other: %j', (address) => {
    expect(toClientKey(address).length).toBeLessThan(200)
  })
})

describe('P08 Q41 X-Forwarded-For is believed as far as our own proxies wrote it', () => {
  const CLIENT = '198.51.100.9'
  const PROXY = '10.0.0.1'
  test.each([
    { setup: 'no proxy, nothing forwarded', socket: CLIENT, xff: null, proxies: 0, address: CLIENT },
    { setup: 'no proxy, a spoofed hop', socket: CLIENT, xff: '1.2.3.4', proxies: 0, address: CLIENT },
    {
      setup: 'no proxy, five spoofed hops',
      socket: CLIENT,
      xff: '1.1.1.1, 2.2.2.2, 3.3.3.3, 4.4.4.4, 5.5.5.5',
      proxies: 0,
      address: CLIENT,
    },
    { setup: 'one proxy', socket: PROXY, xff: CLIENT, proxies: 1, address: CLIENT },
    {
      setup: 'one proxy, a spoofed hop before it',
      socket: PROXY,
      xff: `1.2.3.4, ${CLIENT}`,
      proxies: 1,
      address: CLIENT,
    },
    { setup: 'one proxy, no space', socket: PROXY, xff: `1.2.3.4,${CLIENT}`, proxies: 1, address: CLIENT },
    { setup: 'two proxies', socket: PROXY, xff: `${CLIENT}, 10.0.0.2`, proxies: 2, address: CLIENT },
    {
      setup: 'two proxies, spoofed hops',
      socket: PROXY,
      xff: `9.9.9.9, 8.8.8.8, ${CLIENT}, 10.0.0.2`,
      proxies: 2,
      address: CLIENT,
    },
    { setup: 'one proxy that forwarded nothing', socket: PROXY, xff: null, proxies: 1, address: PROXY },
    { setup: 'one proxy and an empty header', socket: PROXY, xff: '', proxies: 1, address: PROXY },
    { setup: 'one proxy and an empty last entry', socket: PROXY, xff: '1.2.3.4, ', proxies: 1, address: PROXY },
    { setup: 'fewer hops than proxies', socket: PROXY, xff: CLIENT, proxies: 3, address: PROXY },
    { setup: 'a proxy that nobody told us of', socket: PROXY, xff: CLIENT, proxies: 0, address: null },
    {
      setup: 'a proxy on this machine that nobody told us of',
      socket: '::ffff:127.0.0.1',
      xff: CLIENT,
      proxies: 0,
      address: null,
    },
    { setup: 'a private neighbour on its own behalf', socket: PROXY, xff: null, proxies: 0, address: PROXY },
    { setup: 'no socket', socket: undefined, xff: CLIENT, proxies: 0, address: null },
  ])('$setup', ({ socket, xff, proxies, address }) => {
    expect(readClientAddress(socket, xff, proxies)).toBe(address)
  })

  test.each([
    { neighbour: '127.0.0.1' },
    { neighbour: '10.1.2.3' },
    { neighbour: '172.16.0.1' },
    { neighbour: '172.31.255.255' },
    { neighbour: '192.168.1.1' },
    { neighbour: '169.254.1.1' },
    { neighbour: '::1' },
    { neighbour: 'fd12::1' },
    { neighbour: 'fe80::1' },
    { neighbour: '::ffff:10.0.0.1' },
    { neighbour: '::ffff:a00:1' },
  ])('$neighbour is private', ({ neighbour }) => {
    expect(readClientAddress(neighbour, '1.2.3.4', 0)).toBeNull()
  })

  test.each([
    { neighbour: '172.15.0.1' },
    { neighbour: '172.32.0.1' },
    { neighbour: '11.0.0.1' },
    { neighbour: '192.169.0.1' },
    { neighbour: '128.0.0.1' },
    { neighbour: '2001:db8::1' },
    { neighbour: '::ffff:8.8.8.8' },
  ])('$neighbour is not: what it forwards is not believed', ({ neighbour }) => {
    expect(readClientAddress(neighbour, '1.2.3.4', 0)).toBe(neighbour)
  })
})

describe('P08 C9 attempts of one client, however it spells its address', () => {
  const guess = async (auth: ReturnType<typeof makeAuth>, number: number, address: string, xff = '') => {
    const headers = { 'x-forwarded-for': xff }
    const body = { email: `user${number}@example.com`, password: 'wrong' }
    return readKind(await createBrowser(auth, { address }).post('/auth/signin/credentials', body, headers))
  }

  test.each([
    { trick: 'none', at: () => ({ address: '203.0.113.7' }) },
    { trick: 'a new X-Forwarded-For every time', at: (n: number) => ({ address: '203.0.113.7', xff: `1.2.3.${n}` }) },
    {
      trick: 'a growing chain of hops',
      at: (n: number) => ({ address: '203.0.113.7', xff: Array(n).fill('9.9.9.9').join(', ') }),
    },
    {
      trick: 'mapped and bare in turn',
      at: (n: number) => ({ address: n % 2 ? '203.0.113.7' : '::FFFF:203.0.113.7' }),
    },
    { trick: 'all of its /64', at: (n: number) => ({ address: `2001:db8:1:2::${n.toString(16)}` }) },
    {
      trick: 'other ports, behind a proxy that writes them',
      proxies: 1,
      at: (n: number) => ({ address: '10.0.0.1', xff: `203.0.113.7:${1_000 + n}` }),
    },
    {
      trick: 'hops of its own before the proxy',
      proxies: 1,
      at: (n: number) => ({ address: '10.0.0.1', xff: `1.2.3.${n}, 203.0.113.7` }),
    },
  ])('trick: $trick', async ({ at, proxies = 0 }) => {
    const auth = makeAuth({ trustedProxies: proxies, limits: { signIn: { perClient: 3 } } })
    const kinds: (string | undefined)[] = []
    for (let number = 1; number <= 5; number++) {
      const { address, xff } = { xff: '', ...at(number) }
      kinds.push(await guess(auth, number, address, xff))
    }
    expect(kinds).toEqual([...Array<string>(3).fill('CredentialsSignin'), 'RateLimited', 'RateLimited'])
  })

  test('another client is not held for it', async () => {
    const auth = makeAuth({ limits: { signIn: { perClient: 1 } } })
    expect(await guess(auth, 1, '203.0.113.7')).toBe('CredentialsSignin')
    expect(await guess(auth, 2, '203.0.113.7')).toBe('RateLimited')
    expect(await guess(auth, 3, '203.0.113.8')).toBe('CredentialsSignin')
    expect(await guess(auth, 4, '2001:db8::1')).toBe('CredentialsSignin')
  })

  test('where no address is known nobody is, but the identifier still counts', async () => {
    const auth = makeAuth({ limits: { signIn: { perClient: 1, perIdentifier: 2 } } })
    for (let number = 1; number <= 5; number++) {
      expect(await guess(auth, number, '10.0.0.1', '203.0.113.7')).toBe('CredentialsSignin')
    }
    expect(await guess(auth, 1, '10.0.0.1', '203.0.113.7')).toBe('CredentialsSignin')
    expect(await guess(auth, 1, '10.0.0.1', '203.0.113.8')).toBe('RateLimited')
  })
})
