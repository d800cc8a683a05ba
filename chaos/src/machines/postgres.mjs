import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

const ROOM = '/usr/lib/postgresql'
/** So few that they can all be taken. Three of them are kept for superusers. */
const MAX_CONNECTIONS = 40

/** A PostgreSQL of our own in a folder that goes again, reached by a socket in it. */
export async function startPostgres() {
  const bin = findPrograms()
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-chaos-'))
  const user = readUser()
  if (user) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'admin', '-A', 'trust', '--no-sync'], { ...user, cwd: folder })
  const flags = ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', `max_connections=${MAX_CONNECTIONS}`]
  const start = async () => {
    const server = spawn(join(bin, 'postgres'), [...flags, '-c', 'fsync=off'], {
      ...user,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await isReady(server.stderr)
    return server
  }
  let server = await start()
  // All of its processes, for one that is stopped hears of nothing else.
  const kill = async () => {
    const processes = findProcesses(server.pid)
    for (const pid of processes) send(pid, 'SIGKILL')
    await isGone(processes)
  }
  // What an administrator does must also work while nothing can be written.
  const admin = { host: folder, user: 'admin', database: 'postgres', options: '-c default_transaction_read_only=off' }
  const run = async (...statements) => {
    const client = await connect(admin)
    for (const statement of statements) await client.query(statement)
    await client.end()
  }
  await run('create role app login', 'create role other login', 'create database app owner app')
  const app = { host: folder, user: 'app', database: 'app' }
  return {
    name: `PostgreSQL ${execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }).split(' ')[2]}`,
    /** How the app connects. */
    app,
    /** The socket, for a proxy before it. */
    path: join(folder, '.s.PGSQL.5432'),
    /** Asks as an administrator. */
    query: async (text, values) => {
      const client = await connect({ ...admin, database: 'app' })
      try {
        return (await client.query(text, values)).rows
      } finally {
        await client.end()
      }
    },
    kill,
    restart: async () => void (server = await start()),
    stop: () => findProcesses(server.pid).forEach((pid) => send(pid, 'SIGSTOP')),
    goOn: () => findProcesses(server.pid).forEach((pid) => send(pid, 'SIGCONT')),
    setReadOnly: (isReadOnly) =>
      run(`alter system set default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`, 'select pg_reload_conf()'),
    takeConnections: async () => {
      // While others take them the app may not come back, or it would get some of them again.
      await run(
        'alter role app connection limit 0',
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'`,
      )
      const giveBack = await takeConnections({ ...app, user: 'other' })
      await run('alter role app connection limit -1')
      return giveBack
    },
    lock: async (table) => {
      const client = await connect(app)
      await client.query('begin')
      await client.query(`lock table ${table} in access exclusive mode`)
      return () => client.end()
    },
    drop: async () => {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Takes every connection there is. @returns how to give them back */
async function takeConnections(options) {
  const taken = []
  try {
    for (;;) taken.push(await connect(options))
  } catch {
    return () => Promise.all(taken.map((client) => client.end()))
  }
}

async function connect(options) {
  const client = new pg.Client(options)
  client.on('error', () => {})
  await client.connect()
  return client
}

function findPrograms() {
  const versions = existsSync(ROOM) ? readdirSync(ROOM).sort((a, b) => Number(b) - Number(a)) : []
  const bin = versions.map((version) => join(ROOM, version, 'bin')).find((path) => existsSync(join(path, 'initdb')))
  if (!bin) throw new Error(`there is no PostgreSQL server in ${ROOM}: install one (Debian: postgresql)`)
  return bin
}

/** PostgreSQL refuses to run as root. */
function readUser() {
  if (process.getuid() !== 0) return undefined
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** The server's process first, then the one of each connection: while it stands still it makes no more of them. */
function findProcesses(pid) {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  return [pid, ...(stdout.match(/\d+/g) ?? []).map(Number)]
}

function send(pid, signal) {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}

async function isGone(pids) {
  const lives = (pid) => existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  while (pids.some(lives)) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** PostgreSQL says so on its log, also after it has recovered from a crash. */
function isReady(log) {
  return new Promise((resolve, reject) => {
    let text = ''
    log.setEncoding('utf8')
    log.on('data', (part) => {
      text = (text + part).slice(-10_000)
      if (text.includes('ready to accept connections')) resolve()
    })
    log.once('end', () => reject(new Error(text)))
  })
}
