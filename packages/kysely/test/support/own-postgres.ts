import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A PostgreSQL of a test's own, which it may stop. */
export interface OwnPostgres {
  readonly url: string
  /** Stops one of its processes as a machine that hangs does: what is sent to it lies in its socket until it goes on. */
  readonly pause: (pid: number) => void
  readonly resume: (pid: number) => void
  /** The same for all of its processes. */
  readonly pauseAll: () => void
  readonly resumeAll: () => void
  /** Ends all of its processes at once, as a power cut does. */
  readonly kill: () => Promise<void>
  /** Starts it again at the same address. */
  readonly restart: () => Promise<void>
  readonly drop: () => Promise<void>
}

const ROOM = '/usr/lib/postgresql'

/** Where the newest version's programs are; null without a server on this machine. */
export function findServerPrograms(): string | null {
  const versions = existsSync(ROOM) ? readdirSync(ROOM).sort((a, b) => Number(b) - Number(a)) : []
  return versions.map((version) => join(ROOM, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb'))) ?? null
}

export async function startPostgres(bin: string): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-postgres-'))
  const user = readUser()
  if (user) await chown(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'root', '-A', 'trust', '--no-sync'], { ...user, cwd: folder })
  const port = await findPort()
  const flags = ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off']
  const start = async () => {
    const server = spawn(join(bin, 'postgres'), flags, { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    const isOver = once(server, 'exit')
    await isReady(server.stderr)
    return { pid: server.pid ?? 0, isOver }
  }
  let server = await start()
  return {
    url: `postgres://root@127.0.0.1:${port}/postgres`,
    pause: (pid) => process.kill(pid, 'SIGSTOP'),
    resume: (pid) => process.kill(pid, 'SIGCONT'),
    pauseAll: () => sendAll(server.pid, 'SIGSTOP'),
    resumeAll: () => sendAll(server.pid, 'SIGCONT'),
    kill: async () => {
      const pids = findProcesses(server.pid)
      sendAll(server.pid, 'SIGKILL')
      await server.isOver
      await areGone(pids)
    },
    restart: async () => {
      server = await start()
    },
    drop: async () => {
      sendAll(server.pid, 'SIGKILL')
      await server.isOver
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The server's process first: while it stands still it makes no more of them. */
function findProcesses(pid: number): readonly number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  return [pid, ...(stdout.match(/\d+/g) ?? []).map(Number)]
}

function sendAll(pid: number, signal: NodeJS.Signals): void {
  for (const each of [pid, ...findProcesses(pid)]) {
    try {
      process.kill(each, signal)
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** The data belongs to them until then. */
async function areGone(pids: readonly number[]): Promise<void> {
  const lives = (pid: number) =>
    existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  while (pids.some(lives)) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** PostgreSQL refuses to run as root. */
function readUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

function isReady(log: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    log.setEncoding('utf8')
    log.on('data', (part) => {
      text += part
      if (text.includes('ready to accept connections')) resolve()
    })
    log.once('end', () => reject(new Error(text)))
  })
}
