import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))
/** What an instance is made of. */
const PACKAGES = ['core', 'kysely', 'trpc']

/**
 * Builds another release of the packages in a folder of its own, beside the instances' program, which is the same. Other packages are
 * those of this repository.
 *
 * @returns the path of the program, and what removes the folder; null if the history lacks the commit
 */
export function buildRelease(commit) {
  if (spawnSync('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: ROOT }).status !== 0) return null
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-release-'))
  const archive = execFileSync('git', ['archive', commit], { cwd: ROOT, maxBuffer: 2 ** 30 })
  execFileSync('tar', ['-x', '-C', folder], { input: archive })
  linkPackages(folder)
  for (const name of PACKAGES) build(folder, name)
  const program = join(folder, 'chaos/src/instance')
  rmSync(program, { recursive: true, force: true })
  cpSync(join(ROOT, 'chaos/src/instance'), program, { recursive: true })
  return { program: join(program, 'main.mjs'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Our own packages are the folder's, all others this repository's. */
function linkPackages(folder) {
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '@latchkey'), { recursive: true })
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== '@latchkey') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
  for (const name of readdirSync(join(folder, 'packages')))
    symlinkSync(join(folder, 'packages', name), join(modules, '@latchkey', name))
}

function build(folder, name) {
  const cwd = join(folder, 'packages', name)
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'build'], { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the last release could not be built: ${stdout}${stderr}`)
}
