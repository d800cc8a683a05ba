import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import type { Service } from '../../../kysely/test/services.ts'

const VERSION = '0.31.11'
// Inside of the repository: what drizzle-kit loads is found in its node_modules.
const FOLDER = join(import.meta.dirname, '../../../../.turbo', `drizzle-kit-${VERSION}`)
const PROGRAM = join(FOLDER, 'node_modules/drizzle-kit/bin.cjs')

/** drizzle-kit, installed without running any script; `isReachable` says whether it could be had. */
export async function findKit(): Promise<Service> {
  if (!existsSync(PROGRAM)) {
    await mkdir(FOLDER, { recursive: true })
    await writeFile(join(FOLDER, 'package.json'), '{ "private": true }')
    const flags = ['--prefix', FOLDER, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline']
    await promisify(execFile)('npm', ['install', ...flags, `drizzle-kit@${VERSION}`], { cwd: FOLDER }).catch(() => null)
  }
  return { name: 'drizzle-kit', url: 'package://drizzle-kit', isReachable: existsSync(PROGRAM) }
}

type Dialect = 'pg' | 'mysql' | 'sqlite'
const DIALECTS = { pg: 'postgresql', mysql: 'mysql', sqlite: 'sqlite' } as const

/** Runs `drizzle-kit push` and returns what it said, without the animation. */
export async function push(dialect: Dialect, url: string): Promise<string> {
  const said = await run(['push', ...schemaOf(dialect), '--url', url, '--verbose', '--force'])
  return said.replace(/^.*Pulling schema from database.*$/gm, '').trim()
}

/** The statements of `drizzle-kit generate`. The second time it must have none. */
export async function generate(
  dialect: Dialect,
): Promise<{ readonly statements: readonly string[]; readonly again: string }> {
  const out = await mkdtemp(join(FOLDER, 'out-'))
  try {
    const args = ['generate', ...schemaOf(dialect), '--out', relative(FOLDER, out)]
    await run(args)
    const file = (await readdir(out)).find((name) => name.endsWith('.sql'))
    if (!file) throw new Error('drizzle-kit generated no migration')
    const sql = await readFile(join(out, file), 'utf8')
    return { statements: sql.split('--> statement-breakpoint'), again: await run(args) }
  } finally {
    await rm(out, { recursive: true })
  }
}

function schemaOf(dialect: Dialect): readonly string[] {
  const schema = join(import.meta.dirname, '../kit', `${dialect}-schema.ts`)
  return ['--dialect', DIALECTS[dialect], '--schema', relative(FOLDER, schema)]
}

/** With the packages' sources, as tests have them. */
async function run(args: readonly string[]): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: '--conditions=latchkey-source' }
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [PROGRAM, ...args], { cwd: FOLDER, env })
  if (/error/i.test(stderr)) throw new Error(stderr)
  return stdout
}
