import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'

/** A Redis of a test's own, which it may stop. */
export interface OwnRedis {
  readonly port: number
  /** Stops it as a machine that loses its power does: nothing of what it held remains. */
  readonly kill: () => Promise<void>
  /** Starts it again, empty. */
  readonly start: () => Promise<void>
  /** Lets it hang: what is sent to it lies in its socket until it goes on. */
  readonly pause: () => void
  readonly resume: () => void
  readonly drop: () => Promise<void>
}

export const HAS_REDIS_SERVER: boolean = spawnSync('redis-server', ['--version']).status === 0

/** @param flags more of `redis-server`'s */
export async function startRedis(flags: readonly string[] = [], wantedPort?: number): Promise<OwnRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-redis-'))
  const port = wantedPort ?? (await findPort())
  const all = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
  let server: ChildProcess | undefined
  const start = async () => {
    server = spawn('redis-server', [...all, ...flags], { stdio: 'ignore' })
    await accepts(port)
  }
  const kill = async () => {
    const running = server
    server = undefined
    if (!running) return
    const isOver = once(running, 'exit')
    running.kill('SIGKILL')
    await isOver
  }
  await start()
  return {
    port,
    start,
    kill,
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    drop: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Milliseconds for a server to start. */
const PATIENCE = 20_000

export async function accepts(port: number): Promise<void> {
  const end = performance.now() + PATIENCE
  while (!(await canConnect(port))) {
    if (performance.now() > end) throw new Error(`no server at port ${port}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port })
    const finish = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', () => finish(true))
    socket.once('error', () => finish(false))
  })
}
