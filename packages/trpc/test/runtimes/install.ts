import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { rolldown } from 'rolldown'
import { onTestFinished } from 'vitest'

const run = promisify(execFile)

/**
 * Installs a runtime beside the repository, without its install script: the program itself is in a package for the platform. Null, said
 * aloud, if npm's registry can't be reached.
 */
export async function installRuntime(name: string, version: string): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), `latchkey-${name}-`))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: version } }))
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline']
  try {
    await run('npm', ['install', '--prefix', folder, ...options, '--fetch-timeout=60000', '--fetch-retries=1'])
    return folder
  } catch (error) {
    if (process.env['REQUIRE_SERVICES'] === '1') throw error
    console.warn(`SKIPPED: ${name} could not be installed\n${String(error)}`)
    return null
  }
}

/** Joins an app of these tests and the packages' sources into one file, for a runtime with these conditions. */
export async function bundleFor(app: string, file: string, conditionNames: readonly string[]): Promise<void> {
  const build = await rolldown({
    input: join(import.meta.dirname, app),
    platform: 'neutral',
    external: [/^node:/, /^cloudflare:/],
    resolve: { conditionNames: ['latchkey-source', ...conditionNames, 'import', 'default'] },
    logLevel: 'silent',
  })
  await build.write({ file, format: 'esm', codeSplitting: false })
  await build.close()
}
