import { request } from 'node:http'
import { start } from './http/servers.mjs'

/**
 * How long a session read takes, in milliseconds (p99), while nobody signs in and while 16 people do at any time: the passwords are hashed
 * (scrypt, two at a time) in the same process, whose thread pool a look-up had better not wait for.
 */
export async function measureStorm({ rounds, milliseconds }) {
  // Not pinned: the hashes are to have a core besides the server's, as they have elsewhere.
  const server = await start('sign-in storm', { pinned: false })
  const idle = []
  const storm = []
  for (let round = 0; round < rounds; round++) {
    idle.push(await readFor(server, milliseconds))
    const stop = signInWith(server, 16)
    storm.push(await readFor(server, milliseconds))
    await stop()
  }
  server.child.disconnect()
  return { idle, storm, ratios: storm.map((time, round) => time / idle[round]) }
}

/** One read after another, with a pause; the 99th percentile. */
async function readFor({ port, cookie }, milliseconds) {
  const times = []
  const until = performance.now() + milliseconds
  while (performance.now() < until) {
    const begin = performance.now()
    await call({ port, path: '/whoAmI', headers: { cookie } })
    times.push(performance.now() - begin)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  times.sort((a, b) => a - b)
  return times[Math.floor(times.length * 0.99)]
}

function signInWith({ port }, people) {
  let isOver = false
  const headers = { 'content-type': 'application/json' }
  const worker = async () => {
    while (!isOver)
      await call({ port, method: 'POST', path: '/auth.signIn', headers, body: '{"json":{"provider":"bench"}}' })
  }
  const workers = Array.from({ length: people }, worker)
  return () => {
    isOver = true
    return Promise.all(workers)
  }
}

function call({ body, ...options }) {
  return new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', ...options }, (res) => {
      if (res.statusCode !== 200) reject(new Error(`${options.path}: status ${res.statusCode}`))
      res.resume().on('end', resolve)
    })
    req.on('error', reject).end(body)
  })
}
