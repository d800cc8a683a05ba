import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Finished, run } from '../../consumer/support/run.ts'

/** `next build` with one of its two bundlers, into what Next calls a standalone server. */
export function buildNext(app: string, bundler: 'turbopack' | 'webpack', env: NodeJS.ProcessEnv): Promise<Finished> {
  const next = join(app, '../node_modules/next/dist/bin/next')
  return run(process.execPath, [next, 'build', `--${bundler}`], app, { ...env, DIST_DIR: `.next-${bundler}` })
}

/** Starts the server in another folder, asks it once, and ends it. */
export async function askNext(app: string, bundler: string, env: NodeJS.ProcessEnv): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-next-'))
  cpSync(join(app, `.next-${bundler}/standalone`), folder, { recursive: true, verbatimSymlinks: true })
  const port = await findPort()
  const server = spawn(process.execPath, ['server.js'], {
    cwd: join(folder, basename(app)),
    env: { ...env, PORT: String(port), HOSTNAME: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const isOver = once(server, 'exit')
  let text = ''
  for (const stream of [server.stdout, server.stderr]) stream.setEncoding('utf8').on('data', (part) => (text += part))
  try {
    await untilListening(port, isOver)
    const response = await fetch(`http://127.0.0.1:${port}/check`)
    return `${response.status} ${await response.text()}${response.ok ? '' : text}`
  } catch (error) {
    throw new Error(text, { cause: error })
  } finally {
    server.kill()
    await isOver
    rmSync(folder, { recursive: true, force: true })
  }
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

/** Asks until it answers, or has ended. */
async function untilListening(port: number, isOver: Promise<unknown>): Promise<void> {
  let hasEnded = false
  void isOver.then(() => (hasEnded = true))
  for (;;) {
    if (hasEnded) throw new Error('the server ended')
    const isUp = await fetch(`http://127.0.0.1:${port}/nothing`).then(
      () => true,
      () => false,
    )
    if (isUp) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
