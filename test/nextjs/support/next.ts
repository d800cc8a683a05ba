import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'

/** The environment of a machine that knows no secrets: none of the tests' own gets in. */
const { AUTH_SECRET: _secret, AUTH_URL: _url, NODE_ENV: _mode, NODE_OPTIONS: _options, ...BARE } = process.env
const ENV = { ...BARE, NEXT_TELEMETRY_DISABLED: '1' }

const BIN = 'node_modules/next/dist/bin/next'

/** `next build`, to its end. */
export async function buildNext(app: string): Promise<{ readonly code: number; readonly text: string }> {
  const { exit, output } = run(app, ['build'], {})
  return { code: await exit, text: output() }
}

/** `next start` on a port of its own, until the test has finished. */
export async function startNext(app: string, env: Readonly<Record<string, string>>) {
  const port = await findFreePort()
  const url = `http://localhost:${port}`
  const { child, output } = run(app, ['start', '-p', String(port)], { AUTH_URL: url, ...env })
  onTestFinished(() => void child.kill())
  await expect.poll(output, { timeout: 60_000, interval: 100 }).toContain('Ready')
  return { url, output }
}

function run(app: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(app, BIN), ...args], {
    cwd: app,
    env: { ...ENV, ...env },
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += String(part)))
  const exit = once(child, 'close').then(([code]) => Number(code ?? 1))
  return { child, exit, output: () => text }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  server.close()
  await once(server, 'close')
  return port
}
