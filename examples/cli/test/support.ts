import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const CLI = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const DEMO = fileURLToPath(new URL('../../../apps/demo/dist/server/main.js', import.meta.url))

export const ADA = { email: 'ada@example.com', password: 'lantern-over-water' }
export const BEN = { email: 'ben@example.com', password: 'quiet-morning-tram' }

/** The demo in a process of its own, and before it a wire on which requests are counted and can be cut. */
export async function openServer(accessTokenMaxAge = 30) {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-cli-'))
  const port = await findFreePort()
  const demo = spawn(process.execPath, [DEMO], {
    env: { PORT: String(port), DEMO_DATA: join(folder, 'data'), ACCESS_TOKEN_MAX_AGE: String(accessTokenMaxAge) },
  })
  await new Promise<void>((resolve, reject) => {
    demo.once('exit', (code) => reject(new Error(`the demo ended with ${code}`)))
    demo.stdout.on('data', (chunk: Buffer) => String(chunk).includes('Who can sign in') && resolve())
  })
  const wire = await openWire(port)
  onTestFinished(async () => {
    wire.close()
    demo.kill()
    await rm(folder, { recursive: true, force: true })
  })
  const file = join(folder, 'config', 'tokens.json')
  return { wire, file, ...createRunner(wire.url, file) }
}

async function openWire(port: number) {
  const paths: string[] = []
  const state = { isDown: false }
  const server = createServer((req, res) => {
    paths.push((req.url ?? '').replace(/^\/trpc\//, '').replace(/\?.*/, ''))
    if (state.isDown) return void req.socket.destroy()
    const onward = request(
      { port, host: '127.0.0.1', method: req.method, path: req.url, headers: req.headers },
      (answer) => {
        res.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(res)
      },
    )
    onward.on('error', () => res.destroy())
    req.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on a port
    count: (path: string) => paths.filter((seen) => seen === path).length,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** A server that isn't the demo: it answers everything with a page. */
export async function openStranger(): Promise<string> {
  const server = createServer((_req, res) => void res.setHeader('content-type', 'text/html').end('<p>Hello</p>'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on a port
}

export interface Result {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

function createRunner(url: string, file: string) {
  const start = (args: readonly string[], input = '') => {
    const child = spawn(process.execPath, [CLI, '--url', url, '--file', file, ...args])
    onTestFinished(() => void child.kill('SIGKILL'))
    child.stdin.end(input)
    return { child, result: collect(child) }
  }
  return {
    start,
    run: (...args: readonly string[]): Promise<Result> => start(args).result,
    signIn: ({ email, password }: typeof ADA) => start(['sign-in', email], `${password}\n`).result,
  }
}

async function collect(child: ChildProcess): Promise<Result> {
  const texts = { output: '', errors: '' }
  child.stdout?.on('data', (chunk: Buffer) => (texts.output += String(chunk)))
  child.stderr?.on('data', (chunk: Buffer) => (texts.errors += String(chunk)))
  await once(child, 'close')
  return { code: child.exitCode, ...texts }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  server.close()
  await once(server, 'close')
  return port
}
