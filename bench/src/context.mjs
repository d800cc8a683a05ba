import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createAuthRouter } from '@latchkey/trpc'
import { openLatchkey } from './latchkey.mjs'
import { spread } from './statistics.mjs'

// Bytes of the heap that a request's context takes: in a process whose young generation is so large that hardly a batch sees a collection.

const [BATCHES, REQUESTS] = [15, 1_000]

/** @returns bytes for one request: `made` and asked nothing, as in a public procedure; and `asked` for the session of a known token */
export async function measureContext() {
  const child = fork(fileURLToPath(import.meta.url), {
    execArgv: ['--max-semi-space-size=256', '--min-semi-space-size=256'],
  })
  const [found] = await once(child, 'message')
  child.disconnect()
  return found
}

async function count() {
  const { auth, cookie } = await openLatchkey({ strategy: 'jwt' })
  const { authContext } = createAuthRouter(auth)
  const ask = async (request) => void (await authContext(request).auth.requireSession())
  const make = (request) => void authContext(request)
  return { made: await bytesOf(cookie, make), asked: await bytesOf(cookie, ask) }
}

/** What the adapter of Node hands over, made before anything is counted. */
function openRequests(cookie) {
  const info = { accept: null, type: 'query', connectionParams: null, isBatchCall: false, calls: [] }
  return Array.from({ length: REQUESTS }, () => ({
    req: { method: 'GET', url: '/whoAmI', headers: { cookie, host: 'localhost' }, socket: {} },
    res: { headersSent: false, writeHead() {}, getHeader() {}, setHeader() {} },
    info,
  }))
}

async function bytesOf(cookie, run) {
  const batches = []
  for (let batch = 0; batch < BATCHES; batch++) {
    const requests = openRequests(cookie)
    const before = process.memoryUsage().heapUsed
    for (const request of requests) await run(request)
    batches.push((process.memoryUsage().heapUsed - before) / REQUESTS)
  }
  return Math.round(spread(batches).median)
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) process.send(await count())
