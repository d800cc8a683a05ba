import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ADA } from './support.ts'

const ROOT = join(import.meta.dirname, '../../..')

test('M43 the commands of the README work in a fresh clone, in their order', { timeout: 300_000 }, async () => {
  const [demo = '', ...commands] = await readCommands()
  expect(demo).toBe('npm run demo')
  expect(commands.length).toBeGreaterThan(3)
  const clone = await makeClone()
  const start = await openShell(clone)

  const { output } = start(demo)
  await expect.poll(output, { timeout: 240_000, interval: 200 }).toContain('Who can sign in')
  const outputs: string[] = []
  let watching: ReturnType<typeof start> | undefined
  for (const command of commands) {
    const running = start(command, `${ADA.password}\n`)
    if (command.includes('watch')) {
      watching = running
      await expect.poll(running.output, { timeout: 60_000 }).not.toBe('')
      continue
    }
    expect({ command, code: await running.exit, text: running.output() }).toMatchObject({ command, code: 0 })
    outputs.push(running.output())
  }
  expect(await watching?.exit).toBe(0)
  expect(watching?.output()).toMatch(/^Ada Lindqvist: admin, .*\n(?:.*\n)*Signed out\.\n$/)
  expect(outputs).toEqual([
    'Signed in as Ada Lindqvist.\n',
    expect.stringContaining('Ada Lindqvist <ada@example.com>\nadmin, '),
    'Signed out on all devices.\n',
  ])
})

/** The lines of the README's block of commands, without what is said of them. */
async function readCommands(): Promise<readonly string[]> {
  const page = await readFile(join(ROOT, 'examples/cli/README.md'), 'utf8')
  const [, block = ''] = /```sh\n([^]*?)```/.exec(page) ?? []
  return block
    .trim()
    .split('\n')
    .map((line) => line.replace(/\s+#.*/, ''))
}

/** The repository as `git clone` and `npm ci` leave it: nothing is built. */
async function makeClone(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-clone-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const options = { cwd: ROOT, encoding: 'utf8' } as const
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], options)
  for (const file of files.trim().split('\n')) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await cp(join(ROOT, file), join(folder, file)).catch(ignoreDeleted)
  }
  // Links of the workspaces are relative, so they lead into the clone; what was built before stays behind.
  for (const path of await findModules())
    execFileSync('cp', ['-a', '--reflink=auto', join(ROOT, path), join(folder, dirname(path))])
  const now = new Date()
  await utimes(join(folder, 'node_modules/.package-lock.json'), now, now)
  return folder
}

/** The root's packages, and those that a workspace has in another version. */
async function findModules(): Promise<readonly string[]> {
  const workspaces = await Promise.all(
    ['packages', 'apps', 'examples', 'test'].map(async (group) =>
      (await readdir(join(ROOT, group))).map((name) => join(group, name)),
    ),
  )
  return ['.', ...workspaces.flat()]
    .map((workspace) => join(workspace, 'node_modules'))
    .filter((path) => existsSync(join(ROOT, path)))
}

/** A file that is deleted but not committed yet is still in the list. */
function ignoreDeleted(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

/** Runs command lines as a person's shell does, with a port and a home of the test's own. */
async function openShell(cwd: string) {
  const port = await findFreePort()
  const env = {
    ...process.env,
    PORT: String(port),
    DEMO_ID_PORT: String(await findFreePort()),
    LATCHKEY_URL: `http://localhost:${port}`,
    XDG_CONFIG_HOME: join(cwd, 'home'),
    TURBO_TELEMETRY_DISABLED: '1',
  }
  return (command: string, input = '') => {
    const child = spawn('bash', ['-c', command], { cwd, env, detached: true })
    const exit = once(child, 'exit').then(([code]) => code as number | null) // the documented arguments of `exit`
    onTestFinished(() => endGroup(child))
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += String(part)))
    child.stdin.end(input)
    return { exit, output: () => text }
  }
}

/** The shell and what it started. */
function endGroup(child: ChildProcess): void {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGTERM')
  } catch {
    // All of it has ended already.
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  server.close()
  await once(server, 'close')
  return port
}
