import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The one origin of two apps: what browsers reach while either of them, or both, are behind it. */
export interface Front {
  readonly origin: string
  /** Who answers pages from now on. `'either'`: one of the two, at random. */
  to: 'old' | 'new' | 'either'
  /** How many pages each has answered. */
  readonly pages: { old: number; new: number }
  /** The port where each is; 0: not there. */
  readonly ports: { old: number; new: number }
  readonly close: () => Promise<void>
}

export async function startFront(): Promise<Front> {
  const random = seeded(11)
  const server = createServer((req, res) => {
    const side = choose(req.url ?? '/')
    if (!/^\/(?:api|auth|_next)\//.test(req.url ?? '')) front.pages[side]++
    forward(req, res, front.ports[side])
  })
  /** Each app's own endpoints and scripts are its own: only it has them. */
  const choose = (url: string): 'old' | 'new' => {
    if (front.to !== 'either') return front.to
    if (/^\/(?:api|_next)\//.test(url)) return 'old'
    if (url.startsWith('/auth/')) return 'new'
    return random() < 0.5 ? 'old' : 'new'
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const front: Front = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`, // it listens on a port
    to: 'old',
    pages: { old: 0, new: 0 },
    ports: { old: 0, new: 0 },
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return front
}

function forward(req: IncomingMessage, res: ServerResponse, port: number): void {
  const { method, url, headers } = req
  const onward = request({ host: 'localhost', port, method, path: url, headers }, (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    answer.pipe(res)
  })
  onward.once('error', (error) => {
    if (res.headersSent) return res.destroy(error)
    return res.writeHead(502).end(String(error))
  })
  req.pipe(onward)
}

/** Repeatable numbers from 0 to 1. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
