import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/** The commit of the release before this one, with which its instances share a database while a release rolls out. */
const PREVIOUS = 'ed7608b'

/** The code of the previous release, compiled. */
export interface OldRelease {
  readonly core: string
  readonly kysely: string
  readonly remove: () => Promise<void>
}

/** From the history of the repository; null if this copy of it doesn't reach so far back. */
export async function buildOldRelease(): Promise<OldRelease | null> {
  const sources = await extract()
  if (!sources) return null
  const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))
  await mkdir(modules, { recursive: true })
  // Somewhere from where `kysely` and `jose` are found.
  const out = await mkdtemp(join(modules, '.old-release-'))
  const core = join(sources, 'packages/core/src')
  const build = await rolldown({
    input: {
      core: join(core, 'index.ts'),
      index: join(sources, 'packages/kysely/src/index.ts'),
      migrate: join(sources, 'packages/kysely/src/migrate.ts'),
    },
    platform: 'node',
    resolve: {
      conditionNames: ['latchkey-source', 'node', 'import', 'default'],
      alias: { '@latchkey/core/store': join(core, 'store/index.ts'), '@latchkey/core': join(core, 'index.ts') },
    },
    external: [/^jose\b/, 'kysely', /^node:/],
  })
  await build.write({ dir: out, format: 'esm' })
  await build.close()
  await rm(sources, { recursive: true })
  const remove = () => rm(out, { recursive: true })
  return { core: join(out, 'core.js'), kysely: join(out, 'index.js'), remove }
}

async function extract(): Promise<string | null> {
  const root = fileURLToPath(new URL('../../../..', import.meta.url))
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-old-'))
  try {
    const what = ['archive', PREVIOUS, 'packages/core', 'packages/kysely', 'tsconfig.base.json']
    const archive = execFileSync('git', what, { cwd: root, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] })
    execFileSync('tar', ['-x', '-C', folder], { input: archive })
    return folder
  } catch {
    await rm(folder, { recursive: true })
    return null
  }
}
