import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { findPort, send, sleep, until } from './processes.mjs'

/** How long a slow Redis stands still, again and again, and how long it works in between. */
const STALL = { still: 200, works: 20 }

/** A Redis of our own on a free port. It keeps nothing on disk: one that is started again is empty. */
export async function startRedis() {
  const port = await findPort()
  let server
  const start = async () => {
    const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp']
    server = spawn('redis-server', flags, { stdio: 'ignore' })
    server.once('error', () => {})
    if (server.pid === undefined) throw new Error('there is no redis-server: install one (Debian: redis-server)')
    await until(() => answers(port), 'Redis starts')
  }
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const isOver = once(server, 'exit')
    server.kill('SIGKILL')
    await isOver
  }
  const stop = () => send(server.pid, 'SIGSTOP')
  const goOn = () => send(server.pid, 'SIGCONT')
  await start()
  return {
    name: `Redis ${/v=([\d.]+)/.exec(execFileSync('redis-server', ['--version'], { encoding: 'utf8' }))[1]}`,
    port,
    kill,
    restart: start,
    stop,
    goOn,
    /** Each command waits for up to a fifth of a second. @returns how it ends */
    slowDown: () => {
      const over = new AbortController()
      const loop = (async () => {
        while (!over.signal.aborted) {
          stop()
          await sleep(STALL.still)
          goOn()
          await sleep(STALL.works)
        }
      })()
      return async () => {
        over.abort()
        await loop
      }
    },
    drop: kill,
  }
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.once('data', (data) => {
      socket.destroy()
      resolve(String(data).startsWith('+PONG'))
    })
    socket.once('error', () => resolve(false))
  })
}
