import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const FILES = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n')
const PAGES = FILES.filter((file) => file.endsWith('.md'))

/** Files that an app has of another library, and what the demo writes. */
const NOT_IN_GIT = ['drizzle.config.ts', 'prisma.config.ts', 'apps/demo/.data']

test('paths are looked for', () => {
  expect(pathsOf('docs/architecture.md').length).toBeGreaterThan(20)
})

test.for(PAGES)('every file and folder that %s names is there', (page) => {
  expect(pathsOf(page).filter((path) => !exists(page, path))).toEqual([])
})

/** Files (`request/look-up.ts`), folders (`session/`), and what begins at the root (`packages/trpc/src/guards`). */
function pathsOf(page: string): readonly string[] {
  const prose = read(page).replaceAll(/```[^]*?```/g, '')
  return [...prose.matchAll(/`([\w.@/[\]-]+)`/g)].map(([, path = '']) => path).filter((path) => PATH.test(path))
}

const PATH =
  /^[\w.@/[\]-]+\.(?:ts|tsx|mjs|md|json)$|^[\w.-]+(?:\/[\w.-]+)*\/$|^(?:packages|apps|examples|test|bench|docs|scripts)\//

/** By its end, as pages write them: of the repository, or of the app that the page's code is. */
function exists(page: string, path: string): boolean {
  if (NOT_IN_GIT.includes(path)) return true
  const name = path.endsWith('/') ? path : `${path}/`
  const written = [...read(page).matchAll(/^\/\/ ([\w./()[\]-]+\.tsx?)/gm)].map(([, file = '']) => file)
  return [...FILES, ...written].some((file) => `/${file}/`.includes(`/${name}`))
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}
