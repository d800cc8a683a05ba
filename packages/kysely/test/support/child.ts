import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'

export interface ChildResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `test/children/<script>` in a process of its own; the script gets this package's entry as its first argument. */
export async function runChild(script: string, args: readonly string[]): Promise<ChildResult> {
  const path = fileURLToPath(new URL(`../children/${script}`, import.meta.url))
  const child = spawn(process.execPath, [path, inject('packageEntry'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: child.exitCode, stdout, stderr }
}

/** A process that holds the lock of a SQLite file. */
export async function startHolder(file: string): Promise<{ readonly release: () => Promise<void> }> {
  const path = fileURLToPath(new URL('../children/hold-sqlite.mjs', import.meta.url))
  const child = fork(path, [file], { execArgv: [] })
  const isOver = once(child, 'exit')
  await once(child, 'message')
  return {
    release: async () => {
      child.send('release')
      await isOver
    },
  }
}
