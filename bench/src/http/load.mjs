import { Agent, request } from 'node:http'
import { WebSocket } from 'ws'
import { ORIGIN } from '../people.mjs'

/** So many requests over kept-alive connections, one at a time on each. Returns how many were answered in a second; all must be a 200. */
export async function load({ port, cookie }, { connections, paths }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const start = performance.now()
  const ask = (path) => once({ agent, host: '127.0.0.1', port, path, headers: { cookie } })
  await inTurns(connections, paths, () => ask)
  agent.destroy()
  return (paths.length / (performance.now() - start)) * 1_000
}

/** The same over sockets that are open already: each path is a procedure that is asked for. */
export async function loadSockets({ port, cookie }, { connections, paths }) {
  const sockets = await Promise.all(Array.from({ length: connections }, () => openSocket(port, cookie)))
  const start = performance.now()
  await inTurns(connections, paths, (index) => (path) => askSocket(sockets[index], path))
  const seconds = (performance.now() - start) / 1_000
  for (const socket of sockets) socket.terminate()
  return paths.length / seconds
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
