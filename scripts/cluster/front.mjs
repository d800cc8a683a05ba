import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { measureRevocation } from './revocation.mjs'

/** What stands in front of the instances: passes each request to the next one that is up, and takes orders from the page "Machines". */
export async function startFront({ port, url, machines }) {
  const next = createTurns(machines.instances)
  const order = createOrders(url, machines)
  const server = createServer((req, res) => {
    // A page of another site that has this machine's name resolve to itself (DNS rebinding) gets nothing.
    if (req.headers.host !== new URL(url).host) return send(res, 421, 'This is the demo of another address.')
    if (req.url.startsWith('/cluster/')) return void order(req, res)
    pass(req, res, next())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** The instances in the order in which they are tried: the next one's turn first. */
function createTurns(instances) {
  let turn = 0
  return () => {
    turn = (turn + 1) % instances.length
    return [...instances.slice(turn), ...instances.slice(0, turn)]
  }
}

function pass(req, res, [instance, ...others]) {
  if (!instance) return send(res, 502, 'No instance is up.')
  const headers = { ...req.headers, 'x-forwarded-for': req.socket.remoteAddress }
  // A connection of its own for each: one that is kept might go to an instance that has been killed.
  const target = { port: instance.port, host: '127.0.0.1', agent: false }
  const onward = request({ ...target, method: req.method, path: req.url, headers })
  onward.once('response', (response) => {
    res.writeHead(response.statusCode, response.headers)
    response.pipe(res)
    response.once('error', () => res.destroy())
  })
  onward.once('error', (error) => {
    if (res.headersSent) return void res.destroy()
    // It wasn't reached at all, so another one may do it.
    if (error.code === 'ECONNREFUSED') return pass(req, res, others)
    send(res, 502, 'The instance ended before it had responded.')
  })
  res.once('close', () => onward.destroy())
  // The body goes once there is somebody to take it.
  onward.once('socket', (socket) => socket.once('connect', () => req.pipe(onward)))
}

/** The page's own calls. Whoever may press its buttons has opened this machine's page. */
function createOrders(url, { instances, killable }) {
  return async (req, res) => {
    const [, , what, name] = req.url.split('/')
    if (req.method === 'GET' && what === 'state') return send(res, 200, readState(killable))
    if (req.method !== 'POST' || req.headers.origin !== url) return send(res, 403, 'Only the page "Machines" may.')
    try {
      if (what === 'revocation') return send(res, 200, await measureRevocation(instances, url))
      const machine = Object.hasOwn(killable, name) ? killable[name] : undefined
      if (!machine || (what !== 'kill' && what !== 'start')) return send(res, 404, 'There is no such machine.')
      if (machine.isUp() === (what === 'kill')) await machine[what]()
      send(res, 200, readState(killable))
    } catch (error) {
      send(res, 503, error.message)
    }
  }
}

function readState(killable) {
  return Object.fromEntries(Object.entries(killable).map(([name, { isUp }]) => [name, isUp()]))
}

function send(res, status, body) {
  res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  res.end(JSON.stringify(typeof body === 'string' ? { message: body } : body))
}
