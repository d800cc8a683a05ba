import type { TokenStorage } from '@latchkey/client'
import { randomUUID } from 'node:crypto'
import { lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'

export function defaultFile(): string {
  const { XDG_CONFIG_HOME: folder = '' } = process.env
  return join(isAbsolute(folder) ? folder : join(homedir(), '.config'), 'latchkey-demo', 'tokens.json')
}

/**
 * A storage in one file that only its owner can read. It is replaced as a whole: a process that reads meanwhile, or is interrupted, has the old
 * one or the new one.
 */
export function tokenFile(file: string): TokenStorage {
  return {
    getItem: async (key) => (await read(file))[key] ?? null,
    setItem: async (key, value) => write(file, { ...(await read(file)), [key]: value }),
    removeItem: async (key) => {
      const { [key]: _removed, ...rest } = await read(file)
      await (Object.keys(rest).length > 0 ? write(file, rest) : rm(file, { force: true }))
    },
  }
}

type Items = Readonly<Record<string, string>>

async function read(file: string): Promise<Items> {
  if (!(await isOurs(file))) return {}
  try {
    return { ...(JSON.parse(await readFile(file, 'utf8')) as Items) } // the store looks at what is in it
  } catch (error) {
    throw new Error(`${file} is damaged: delete it, and sign in again`, { cause: error })
  }
}

/** Whether it is there. @throws if others can read or have written it: what is in it is then no secret, or not ours */
async function isOurs(file: string): Promise<boolean> {
  const found = await lstat(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (!found) return false
  if (!found.isFile()) throw new Error(`${file} is no plain file`)
  if (process.getuid && found.uid !== process.getuid()) throw new Error(`${file} belongs to somebody else`)
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
    throw new Error(`${file} can be read by others. Make it yours: chmod 600 ${file}`)
  return true
}

async function write(file: string, items: Items): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomUUID()}`
  // The mode is there from the first byte on, whatever the umask is.
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(JSON.stringify(items))
    await handle.sync()
    await rename(draft, file)
  } finally {
    await handle.close()
    await rm(draft, { force: true })
  }
}
