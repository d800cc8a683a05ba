import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url))

export const STRATEGIES = ['jwt', 'database'] as const
export type Strategy = (typeof STRATEGIES)[number]

export const ADA = { email: 'ada@example.com', password: 'lantern-over-water' }
export const BEN = { email: 'ben@example.com', password: 'quiet-morning-tram' }

/** The demo as `npm run demo` starts it, in a process of its own. */
export interface Demo {
  readonly url: string
  /** What it printed so far. */
  readonly output: () => string
  /** Asks it to stop, as a terminal or an orchestrator does, and returns its exit code. */
  readonly stop: (signal?: 'SIGINT' | 'SIGTERM') => Promise<number | null>
}

export interface DemoOptions {
  readonly strategy: Strategy
  readonly dataFolder: string
  readonly env?: Readonly<Record<string, string>>
  /** Default: one that is free. */
  readonly port?: number
}

export async function startDemo({ strategy, dataFolder, env, port: wanted }: DemoOptions): Promise<Demo> {
  const port = wanted ?? (await findFreePort())
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PORT: String(port),
      DEMO_ID_PORT: String(await findFreePort()),
      AUTH_STRATEGY: strategy,
      DEMO_DATA: dataFolder,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = collect(child)
  await waitUntil(child, output)
  return {
    url: `http://localhost:${port}`,
    output,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null) return child.exitCode
      const exit = once(child, 'exit')
      child.kill(signal)
      await exit
      return child.exitCode
    },
  }
}

export async function makeDataFolder(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'latchkey-demo-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

function collect({ stdout, stderr }: ChildProcess): () => string {
  const chunks: string[] = []
  for (const stream of [stdout, stderr]) stream?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
  return () => chunks.join('')
}

/** It says where it is when it listens. */
function waitUntil(child: ChildProcess, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the demo ended with ${code}:\n${output()}`)))
    child.stdout?.on('data', () => output().includes('Who can sign in') && resolve())
  })
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
