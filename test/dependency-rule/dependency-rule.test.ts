import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** Who imports what, where docs/architecture.md has an arrow. */
const ALLOWED: readonly Import[] = [
  ['packages/core/src/token/seal.ts', 'jose'],
  ['packages/core/src/token/opener-node.ts', 'node:crypto'],
  ['packages/core/src/token/open.ts', '../internal/bytes.ts'],
  ['packages/core/src/session/jwt.ts', '../token/open.ts'],
  ['packages/core/src/request/look-up.ts', '../session/jwt.ts'],
  ['packages/core/src/auth.ts', './request/look-up.ts'],
  ['packages/core/src/roles/define.ts', '../errors.ts'],
  ['packages/trpc/src/errors.ts', '@latchkey/core'],
  ['packages/trpc/src/mount.ts', '@trpc/server'],
  ['packages/client/src/link/auth-link.ts', '@trpc/client'],
  ['packages/client/src/react/is-authorized.ts', '@latchkey/core/session'],
  ['packages/client/src/react/create.tsx', 'react'],
  ['packages/kysely/src/adapter.ts', '@latchkey/core'],
  ['packages/kysely/src/users.ts', 'kysely'],
  ['apps/demo/src/server/auth.ts', '@latchkey/kysely'],
]

/** And where it has none. */
const FORBIDDEN: readonly Import[] = [
  ['packages/core/src/auth.ts', '@latchkey/trpc'],
  ['packages/core/src/auth.ts', '@latchkey/kysely'],
  ['packages/core/src/auth.ts', '../../trpc/src/index.ts'],
  ['packages/core/src/errors.ts', '@trpc/server'],
  ['packages/core/src/errors.ts', '@trpc/server/http'],
  ['packages/core/src/http/handler.ts', 'node:crypto'],
  ['packages/core/src/http/handler.ts', 'node:fs/promises'],
  ['packages/core/src/memory.ts', 'kysely'],
  ['packages/core/src/options.ts', 'zod'],
  ['packages/core/src/session/jwt.ts', 'react'],
  ['packages/core/src/roles/index.ts', '../errors.ts'],
  ['packages/core/src/roles/index.ts', './define.ts'],
  ['packages/core/src/roles/index.ts', '@latchkey/core'],
  ['packages/trpc/src/mount.ts', '@latchkey/kysely'],
  ['packages/trpc/src/mount.ts', '../../core/src/index.ts'],
  ['packages/trpc/src/context/create.ts', 'kysely'],
  ['packages/trpc/src/context/create.ts', 'node:http'],
  ['packages/trpc/src/context/create.ts', 'jose'],
  ['packages/trpc/src/router/create.ts', '@trpc/client'],
  ['packages/client/src/link/auth-link.ts', 'react'],
  ['packages/client/src/link/auth-link.ts', '@latchkey/trpc'],
  ['packages/client/src/tokens/store.ts', 'node:fs'],
  ['packages/client/src/tokens/store.ts', 'jose'],
  ['packages/client/src/react/create.tsx', '@latchkey/trpc'],
  ['packages/kysely/src/adapter.ts', '@latchkey/trpc'],
  ['packages/kysely/src/adapter.ts', '@trpc/server'],
  ['packages/kysely/src/users.ts', 'jose'],
  ['packages/kysely/src/users.ts', '../../core/src/index.ts'],
]

/** Rooms of core: a lower one knows nothing of an upper one, nor tokens of cookies. */
const UPWARD: readonly Import[] = [
  ['packages/core/src/internal/bytes.ts', '../token/hash.ts'],
  ['packages/core/src/internal/bytes.ts', '../session/jwt.ts'],
  ['packages/core/src/token/open.ts', '../cookie/read.ts'],
  ['packages/core/src/token/open.ts', '../session/jwt.ts'],
  ['packages/core/src/cookie/read.ts', '../token/hash.ts'],
  ['packages/core/src/cookie/read.ts', '../request/look-up.ts'],
  ['packages/core/src/csrf/origin.ts', '../http/handler.ts'],
  ['packages/core/src/roles/read.ts', '../sign-in/flow.ts'],
  ['packages/core/src/session/jwt.ts', '../request/look-up.ts'],
  ['packages/core/src/session/jwt.ts', '../http/handler.ts'],
  ['packages/core/src/session/jwt.ts', '../auth.ts'],
  ['packages/core/src/sign-in/sign-in.ts', '../request/look-up.ts'],
  ['packages/core/src/bearer/bearer.ts', '../request/look-up.ts'],
  ['packages/core/src/request/look-up.ts', '../http/handler.ts'],
  ['packages/core/src/request/look-up.ts', '../auth.ts'],
]

type Import = readonly [file: string, specifier: string]

const folder = mkdtempSync(join(tmpdir(), 'latchkey-lint-'))
let findings: readonly Finding[] = []

beforeAll(() => {
  cpSync(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  for (const [path, specifiers] of IMPORTS) write(path, specifiers.map(toImport).join(''))
  write('packages/trpc/src/one.ts', `import { two } from './two.ts'\nexport const one = (): unknown => two\n`)
  write('packages/trpc/src/two.ts', `import { one } from './one.ts'\nexport const two = (): unknown => one\n`)
  write('packages/trpc/src/three.ts', `import { one } from './one.ts'\nexport const three = (): unknown => one\n`)
  findings = lint()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.for(ALLOWED)('%s may import %s', (found) => {
  expect(isRefused(found)).toBe(false)
})

test.for(FORBIDDEN)('%s may not import %s', (found) => {
  expect(isRefused(found)).toBe(true)
})

test.for(UPWARD)('%s may not import %s: a lower room knows no upper one', (found) => {
  expect(isRefused(found)).toBe(true)
})

test('two modules that import each other are found', () => {
  const cycles = findings.filter(({ code }) => code === 'import(no-cycle)').map(({ filename }) => filename)
  expect(cycles).toEqual(expect.arrayContaining(['packages/trpc/src/one.ts', 'packages/trpc/src/two.ts']))
  expect(cycles).not.toContain('packages/trpc/src/three.ts')
})

/** All imports by the file that they stand in, a line each. */
const IMPORTS = groupByFile([...ALLOWED, ...FORBIDDEN, ...UPWARD])

function groupByFile(imports: readonly Import[]): ReadonlyMap<string, readonly Import[]> {
  const byFile = new Map<string, Import[]>()
  for (const found of imports) byFile.set(found[0], [...(byFile.get(found[0]) ?? []), found])
  return byFile
}

/** What oxlint prints as JSON, as far as it is read here. */
interface Finding {
  readonly code: string
  readonly filename: string
  readonly labels: readonly { readonly span: { readonly line: number } }[]
}

function lint(): readonly Finding[] {
  const { stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/oxlint'), ['--format=json', '.'], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (!stdout.startsWith('{')) throw new Error(stdout + stderr)
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Finding[] }
  return diagnostics
}

function isRefused([file, specifier]: Import): boolean {
  const line = 1 + (IMPORTS.get(file) ?? []).findIndex(([, other]) => other === specifier)
  return findings.some(
    ({ code, filename, labels }) =>
      code === 'eslint(no-restricted-imports)' && filename === file && labels.some(({ span }) => span.line === line),
  )
}

function toImport([, specifier]: Import, index: number): string {
  return `export * as probe${index} from '${specifier}'\n`
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
