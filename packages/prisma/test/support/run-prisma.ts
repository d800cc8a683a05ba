import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'

export const COMMAND_LINE = ['node_modules/prisma/build/index.js']

/** Any file will do: the command line would download engines first, also for what needs none. */
const ENV = {
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_QUERY_ENGINE_LIBRARY: process.execPath,
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
}

export async function runPrisma(command: string, args: readonly string[], cwd: string): Promise<string> {
  const options = { cwd, env: { ...process.env, ...ENV }, timeout: 300_000 }
  const { stdout, stderr } = await promisify(execFile)(command, [...args], options)
  return stdout + stderr
}

/** What the command line prints until it has said what came of it: with a driver adapter it doesn't exit by itself. */
export async function pushUntilSaid(
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<string> {
  const child = spawn(process.execPath, [...COMMAND_LINE, ...args], { cwd, env: { ...process.env, ...ENV, ...env } })
  let text = ''
  await new Promise<void>((resolve) => {
    const read = (part: Buffer) => {
      text += part.toString()
      if (SAID.test(text)) resolve()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('close', () => resolve())
  })
  child.kill('SIGKILL')
  return text
}

/** "already in sync", "now in sync", a question about lost data, an error. */
const SAID = /in sync with|--accept-data-loss|\berror\b.*\n/i
