import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A path for a file of SQLite, in a folder of its own. */
export async function createFolder(): Promise<{ readonly file: string; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-drizzle-'))
  return { file: join(folder, 'app.db'), remove: () => rm(folder, { recursive: true }) }
}
