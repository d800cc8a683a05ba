import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { openLiveApp, record, signInByCookie, TOKEN_FLOW, until } from '../support/live-app.ts'

type App = Awaited<ReturnType<typeof openLiveApp>>

/** How the guarded stream ends, or who it is for, when it is opened with these parameters. */
async function openStream(app: App, transport: 'events' | 'socket', params: Record<string, string>): Promise<string> {
  const client = transport === 'events' ? app.events({}, params) : app.socket({ params })
  const live = record<{ data: unknown }>((handlers) => client.silent.subscribe(undefined, handlers))
  const first = until(() => live.items.length > 0).then(() => String(live.items[0]?.data))
  return Promise.race([live.over, first])
}

describe.each(['with the store', 'without an adapter'] as const)('a ticket, kept %s', (how) => {
  const open = () => openLiveApp(how === 'without an adapter' ? { adapter: null } : {})

  test.each(['events', 'socket'] as const)('opens one stream (%s), and only one', async (transport) => {
    const app = await open()
    const { ticket, expiresIn } = await app.http({ cookie: await signInByCookie(app) }).auth.streamTicket.mutate()
    expect(expiresIn).toBeLessThanOrEqual(30)
    expect(await openStream(app, transport, { ticket })).toBe('ann')
    expect(await openStream(app, transport, { ticket })).toBe('InvalidToken')
  })

  test('of fifty at once one gets in', async () => {
    const app = await open()
    const { ticket } = await app.http({ cookie: await signInByCookie(app) }).auth.streamTicket.mutate()
    const answers = await Promise.all(Array.from({ length: 50 }, () => openStream(app, 'socket', { ticket })))
    expect(answers.filter((answer) => answer === 'ann')).toHaveLength(1)
    expect(answers.filter((answer) => answer === 'InvalidToken')).toHaveLength(49)
  })
})

test('J07 nothing else serves as a ticket, and a ticket serves as nothing else', async () => {
  const app = await openLiveApp()
  const cookie = await signInByCookie(app)
  const tokens = await app.http().auth.signIn.mutate(TOKEN_FLOW)
  if (tokens.status !== 'tokens') throw new Error('no tokens')
  const { ticket } = await app.http({ cookie }).auth.streamTicket.mutate()
  const others = [
    cookie.slice(cookie.indexOf('=') + 1),
    tokens.accessToken,
    tokens.refreshToken ?? '',
    `${ticket.slice(0, -4)}AAAA`,
    '',
  ]
  for (const other of others) expect(await openStream(app, 'socket', { ticket: other })).toBe('InvalidToken')
  const bearer = app.http({ authorization: `Bearer ${ticket}` })
  await expect(bearer.mine.query()).rejects.toMatchObject({ data: { code: 'UNAUTHORIZED' } })
  await expect(app.http().auth.token.mutate({ refreshToken: ticket })).rejects.toMatchObject({
    data: { kind: 'InvalidToken' },
  })
})

test('an access token works in a socket’s first message and never in a stream’s URL', async () => {
  const app = await openLiveApp()
  const tokens = await app.http().auth.signIn.mutate(TOKEN_FLOW)
  if (tokens.status !== 'tokens') throw new Error('no tokens')
  const { accessToken } = tokens
  expect(await openStream(app, 'socket', { accessToken })).toBe('ann')
  expect(await openStream(app, 'events', { accessToken })).toBe('SessionRequired')
})

test('a ticket in the URL of anything but a stream is not read', async () => {
  const app = await openLiveApp()
  const { ticket } = await app.http({ cookie: await signInByCookie(app) }).auth.streamTicket.mutate()
  const params = encodeURIComponent(JSON.stringify({ ticket }))
  const response = await fetch(`http://${app.url}/mine?connectionParams=${params}`)
  expect(response.status).toBe(401)
  const signOut = await fetch(`http://${app.url}/auth.signOut?connectionParams=${params}`, {
    method: 'POST',
    headers: { origin: 'https://evil.example', 'content-type': 'application/json' },
    body: '{}',
  })
  expect(await signOut.json()).toMatchObject({ error: { data: { kind: 'UntrustedOrigin' } } })
})

test('the ticket of a session that was ended opens nothing', async () => {
  const app = await openLiveApp()
  const cookie = await signInByCookie(app)
  const { ticket } = await app.http({ cookie }).auth.streamTicket.mutate()
  await app.http({ cookie }).auth.signOut.mutate()
  expect(await openStream(app, 'socket', { ticket })).toBe('SessionRevoked')
})

test('without a session there is no ticket', async () => {
  const app = await openLiveApp()
  await expect(app.http().auth.streamTicket.mutate()).rejects.toMatchObject({ data: { kind: 'SessionRequired' } })
})

describe('T12 hostile sockets', () => {
  test.each([
    {
      what: 'connectionParams of another shape',
      frames: ['{"method":"connectionParams","data":7}'],
      search: '?connectionParams=1',
    },
    {
      what: 'connectionParams as a list',
      frames: ['{"method":"connectionParams","data":["ticket"]}'],
      search: '?connectionParams=1',
    },
    { what: 'an id of null', frames: ['{"id":null,"method":"query","params":{"path":"open"}}'], search: '' },
    { what: 'no JSON', frames: ['{{{', ''], search: '' },
    { what: 'binary', frames: [Buffer.from([0, 255, 1, 254])], search: '' },
    {
      what: 'a frame of a megabyte',
      frames: [`{"id":1,"method":"query","params":{"path":"${'x'.repeat(1_000_000)}"}}`],
      search: '',
    },
    {
      what: 'a path that is a member of every object',
      frames: ['{"id":1,"method":"query","params":{"path":"__proto__.constructor"}}'],
      search: '',
    },
  ])('$what: the process and the other sockets live on', async ({ frames, search }) => {
    const app = await openLiveApp()
    const other = app.socket({ cookie: await signInByCookie(app) })
    expect(await other.mine.query()).toBe('ann')
    const hostile = new WebSocket(`ws://${app.url}/${search}`)
    hostile.on('error', () => {})
    await new Promise((resolve) => hostile.once('open', resolve))
    for (const frame of frames) hostile.send(frame)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await other.mine.query()).toBe('ann')
    hostile.terminate()
  })
})
