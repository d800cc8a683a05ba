import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installApp as installConsumer } from '../../consumer/support/install.ts'
import type { Tarball } from '../../consumer/support/pack.ts'
import { type Finished, run } from '../../consumer/support/run.ts'

const APP = join(import.meta.dirname, '../app')

/** An app on one line of Kysely, below the tools. */
export async function installApp(folder: string, tarballs: readonly Tarball[], kysely: string): Promise<void> {
  const wanted = tarballs.filter(({ name }) => name === '@latchkey/core' || name === '@latchkey/kysely')
  await installConsumer(folder, APP, wanted, { kysely })
}

/** Builds a server into one file and runs that file where there are no packages. */
export async function buildAndRun(app: string, bundler: string, env: NodeJS.ProcessEnv): Promise<Finished> {
  const folder = mkdtempSync(join(tmpdir(), `latchkey-${bundler}-`))
  try {
    const built = await run(process.execPath, ['build.mjs', bundler, folder], app)
    if (built.code !== 0) return built
    const file = ['server.mjs', 'server.cjs'].find((name) => existsSync(join(folder, name)))
    return await run(process.execPath, [String(file)], folder, env)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
