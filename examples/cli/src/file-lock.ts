import type { Lock } from '@latchkey/client'
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** No step takes longer: a refresh gives up after 30 seconds. Milliseconds. */
const TOO_LONG = 60_000

/** A lock between processes: the one that creates the file has it. A lock that a killed process left behind is removed. */
export function fileLock(file: string): Lock {
  return async (run) => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const holder = `${process.pid} ${randomUUID()}`
    while (!(await create(file, holder))) {
      await removeAbandoned(file)
      await sleep(20 + Math.random() * 30)
    }
    try {
      return await run()
    } finally {
      // After a machine has slept it may be somebody else's by now.
      if ((await holderOf(file)) === holder) await rm(file, { force: true })
    }
  }
}

async function create(file: string, holder: string): Promise<boolean> {
  try {
    await writeFile(file, holder, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/**
 * Two processes may find the same lock abandoned, and the slower one would take away the faster one's new lock. So a process that wants to take
 * one away needs a second lock for it, looks again then, and holds that for no longer than this.
 */
async function removeAbandoned(file: string): Promise<void> {
  if (!(await isAbandoned(file))) return
  const broom = `${file}.broom`
  if (await create(broom, String(process.pid))) {
    try {
      if (await isAbandoned(file)) await rm(file, { force: true })
    } finally {
      await rm(broom, { force: true })
    }
  } else if ((await ageOf(broom)) > TOO_LONG) {
    await rm(broom, { force: true })
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  const holder = Number.parseInt(await holderOf(file), 10)
  // Between its creation and its first byte it has no process's number in it.
  const isGone = holder > 0 && !isAlive(holder)
  return isGone || (await ageOf(file)) > TOO_LONG
}

function holderOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '')
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process lives too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Milliseconds; 0 if it is gone. */
async function ageOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => null)
  return found ? Date.now() - found.mtimeMs : 0
}
