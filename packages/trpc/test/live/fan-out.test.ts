import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { memoryAdapter } from '@latchkey/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type RawData, WebSocket } from 'ws'
import { openLiveApp, ORIGIN, signInByCookie, until } from '../support/live-app.ts'

type App = Awaited<ReturnType<typeof openLiveApp>>

/** A socket as any program may open it, with many subscriptions on it: what came back, by how many messages said what. */
async function openRaw(app: App, cookie: string) {
  const socket = new WebSocket(`ws://${app.url}`, { headers: { cookie, origin: ORIGIN } })
  onTestFinished(() => socket.terminate())
  const counts = { started: 0, data: 0, kinds: new Map<string, number>() }
  socket.on('message', (message) => {
    const answer = JSON.parse(toText(message)) as Answer // tRPC's own form
    const kind = answer.error?.data.kind
    if (kind) counts.kinds.set(kind, (counts.kinds.get(kind) ?? 0) + 1)
    if (answer.result?.type === 'data') counts.data++
    if (answer.result?.type === 'started') counts.started++
  })
  await once(socket, 'open')
  let id = 0
  const watch = (count: number) => {
    const messages = Array.from({ length: count }, () => ({
      id: ++id,
      method: 'subscription',
      params: { path: 'auth.onSessionChange' },
    }))
    socket.send(JSON.stringify(messages))
  }
  return { socket, counts, watch }
}

/** `ws` hands out one buffer if it wasn't told otherwise. */
function toText(message: RawData): string {
  return Buffer.isBuffer(message) ? message.toString() : ''
}

interface Answer {
  readonly result?: { readonly type: string }
  readonly error?: { readonly data: { readonly kind?: string } }
}

const refused = ({ counts }: Awaited<ReturnType<typeof openRaw>>) => counts.kinds.get('RateLimited') ?? 0

describe.each(['jwt', 'database'] as const)('M17 many watchers on one socket (%s)', (strategy) => {
  test(
    'run the session callback once per change, and more than 1,000 of one session are refused',
    { timeout: 120_000 },
    async () => {
      let shaped = 0
      const app = await openLiveApp({ strategy, adapter: memoryAdapter(), onShape: () => void shaped++ })
      const cookie = await signInByCookie(app)
      const raw = await openRaw(app, cookie)
      raw.watch(5_000)
      await until(() => raw.counts.data + refused(raw) === 5_000)
      expect([raw.counts.data, refused(raw), app.openWatches()]).toEqual([1_000, 4_000, 1_000])
      shaped = 0
      for (let update = 1; update <= 10; update++) {
        await app.http({ cookie }).auth.updateSession.mutate({ org: `org ${update}` })
        await until(() => raw.counts.data === 1_000 * (1 + update))
      }
      // One for the answer of each call, one for everybody who watches.
      expect(shaped).toBe(20)
      raw.socket.terminate()
      await until(() => app.openWatches() === 0)
    },
  )

  test('one that was let go makes room for another', async () => {
    const app = await openLiveApp({ strategy })
    const cookie = await signInByCookie(app)
    const [raw, other] = [await openRaw(app, cookie), await openRaw(app, cookie)]
    raw.watch(1_000)
    await until(() => raw.counts.data === 1_000)
    other.watch(1)
    await until(() => refused(other) === 1)
    raw.socket.terminate()
    await until(() => app.openWatches() === 0)
    other.watch(1)
    await until(() => other.counts.data === 1)
  })
})

test('M17 a client that doesn’t read is sent no more than its socket may hold, and then the latest', async () => {
  const app = await openLiveApp({ adapter: memoryAdapter() })
  const cookie = await signInByCookie(app)
  const raw = await openRaw(app, cookie)
  raw.watch(100)
  await until(() => raw.counts.data === 100)
  raw.socket.pause()
  const [server] = [...app.sockets.clients]
  let most = 0
  for (let update = 1; update <= 200; update++) {
    await app.http({ cookie }).auth.updateSession.mutate({ org: `${update}`.padStart(2_000, 'x') })
    most = Math.max(most, server?.bufferedAmount ?? 0)
  }
  // 200 updates for 100 streams are 40 MB and more. What waits is one round above the 64 KB at which streams hold back.
  expect(most).toBeLessThan(65_536 + 100 * 3_000)
  const before = raw.counts.data
  raw.socket.resume()
  let last = ''
  raw.socket.on('message', (message) => {
    last = toText(message)
  })
  await until(() => last.includes('x200"'))
  expect(raw.counts.data - before).toBeLessThan(100 * 200)
})

test('M17 over server-sent events too a client that doesn’t read gets the latest, not every one', async () => {
  const app = await openLiveApp({ strategy: 'database' })
  const cookie = await signInByCookie(app)
  const request = get(`http://${app.url}/auth.onSessionChange`, { headers: { cookie, accept: 'text/event-stream' } })
  onTestFinished(() => void request.destroy())
  const [response] = (await once(request, 'response')) as [IncomingMessage] // what the event is documented to carry
  response.setEncoding('utf8')
  let [events, end] = [0, '']
  response.on('data', (chunk: string) => {
    events += chunk.split('"org"').length - 1
    end = (end + chunk).slice(-1_000)
  })
  await until(() => end.includes('"claims"'))
  response.pause()
  // More than the buffers of both ends of a connection hold.
  for (let update = 1; update <= 100; update++) {
    await app.http({ cookie }).auth.updateSession.mutate({ org: `${update}`.padStart(100_000, 'x') })
  }
  response.resume()
  await until(() => end.includes('x100"'))
  expect(events).toBeLessThan(90)
})
