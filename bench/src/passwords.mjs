import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { PASSWORD_VARIANTS } from './password-server.mjs'
import { spread } from './statistics.mjs'

const READS_PER_SECOND = 200

/**
 * People sign in with their passwords at any time, while sessions are read 200 times a second, whether the server keeps up or not. Each
 * library has a server process of its own and its own default hashing; one hashes on the serving thread, to show what that would be.
 */
export async function measurePasswords({ rounds, milliseconds, people }) {
  const servers = await Promise.all(PASSWORD_VARIANTS.map((name) => start(name, people)))
  const found = new Map(PASSWORD_VARIANTS.map((name) => [name, []]))
  for (const server of servers) await storm(server, milliseconds / 4)
  for (let round = 0; round < rounds; round++)
    for (const server of round % 2 ? [...servers].reverse() : servers)
      found.get(server.name).push(await storm(server, milliseconds))
  for (const { child } of servers) child.disconnect()
  return PASSWORD_VARIANTS.map((name) => {
    const of = (what) => spread(found.get(name).map((round) => round[what]))
    return { name, people, signIns: of('signIns'), reads: of('reads'), delay: of('delay'), longest: of('longest') }
  })
}

async function start(name, people) {
  const child = fork(fileURLToPath(new URL('password-server.mjs', import.meta.url)), [name, String(people)])
  const [parts] = await once(child, 'message')
  return { name, child, ...parts }
}

async function storm({ child, port, signIn, session }, milliseconds) {
  const agent = new Agent({ keepAlive: true })
  const until = performance.now() + milliseconds
  child.send('begin')
  await once(child, 'message')
  let signedIn = 0
  const person = async (options) => {
    while (performance.now() < until) {
      await call({ agent, port, ...options })
      signedIn++
    }
  }
  const begin = performance.now()
  const people = Promise.all(signIn.map(person))
  const times = await readSteadily(() => call({ agent, port, ...session }), until)
  await people
  const seconds = (performance.now() - begin) / 1_000
  child.send('end')
  const [{ p99, max }] = await once(child, 'message')
  agent.destroy()
  times.sort((a, b) => a - b)
  return { signIns: signedIn / seconds, reads: times[Math.floor(times.length * 0.99)], delay: p99, longest: max }
}

/** Begins a read every 5 ms, without waiting for the one before. The time counts from when it was due. */
async function readSteadily(read, until) {
  const pending = []
  const step = 1_000 / READS_PER_SECOND
  for (let due = performance.now(); due < until; due += step) {
    const wait = due - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    pending.push(read().then(() => performance.now() - due))
  }
  return Promise.all(pending)
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
