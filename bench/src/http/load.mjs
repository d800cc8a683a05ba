import { Agent, request } from 'node:http'
import { WebSocket } from 'ws'
import { ORIGIN } from '../people.mjs'

/** A load of requests over kept-alive connections, one at a time on each: `send` takes paths, all of which must be answered with a 200. */
export function openLoad({ port, cookie }, connections) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const ask = (path) => once({ agent, host: '127.0.0.1', port, path, headers: { cookie } })
  return { send: (paths) => inTurns(connections, paths, () => ask), close: () => agent.destroy() }
}

/** The same over sockets: each path is a procedure that is asked for. */
export async function openSocketLoad({ port, cookie }, connections) {
  const sockets = await Promise.all(Array.from({ length: connections }, () => openSocket(port, cookie)))
  return {
    send: (paths) => inTurns(connections, paths, (index) => (path) => askSocket(sockets[index], path)),
    close: () => sockets.forEach((socket) => socket.terminate()),
  }
}

/** As many workers as there are connections share one list. */
async function inTurns(workers, paths, asker) {
  let next = 0
  const work = async (_, index) => {
    const ask = asker(index)
    while (next < paths.length) await ask(paths[next++])
  }
  await Promise.all(Array.from({ length: workers }, work))
}

/** The text of one answer. */
export function once({ body, ...options }) {
  return new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', ...options }, (res) => {
      if (res.statusCode !== 200) reject(new Error(`${options.path}: status ${res.statusCode}`))
      let text = ''
      res.setEncoding('latin1').on('data', (chunk) => (text += chunk))
      res.on('end', () => resolve(text))
    })
    req.on('error', reject).end(body)
  })
}

function openSocket(port, cookie) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { headers: { cookie, origin: ORIGIN } })
  return new Promise((resolve, reject) => socket.once('open', () => resolve(socket)).once('error', reject))
}

function askSocket(socket, path) {
  return new Promise((resolve, reject) => {
    socket.once('message', (data) => {
      const { result, error } = JSON.parse(String(data))
      if (result) resolve(result)
      else reject(new Error(`${path} on a socket: ${JSON.stringify(error)}`))
    })
    socket.send(JSON.stringify({ id: 1, method: 'query', params: { path, input: { json: null } } }))
  })
}
