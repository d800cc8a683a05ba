import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installFrom } from './install.ts'
import type { Tarball } from './pack.ts'
import { type Finished, run } from './run.ts'

const SOURCES = join(import.meta.dirname, '../workspace')

/** What each of the workspace's packages depends on: nothing else is within its reach. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  auth: ['@latchkey/core', '@latchkey/trpc', '@trpc/server', 'zod'],
  api: ['@workspace/auth', '@latchkey/trpc', '@trpc/server'],
  web: ['@workspace/api', '@trpc/client', '@trpc/server'],
  careless: ['@workspace/auth', '@latchkey/trpc', '@trpc/server'],
  lost: ['@workspace/careless', '@trpc/client', '@trpc/server'],
}

/** A workspace whose packages see what they depend on and no more, as with pnpm. @throws RegistryUnreachable */
export async function installWorkspace(
  root: string,
  tarballs: readonly Tarball[],
  versions: Readonly<Record<string, string>>,
  compilers: Readonly<Record<string, string>>,
): Promise<void> {
  const packed = Object.fromEntries(tarballs.map(({ name, path }) => [name, `file:${path}`]))
  const known: Readonly<Record<string, string>> = { ...versions, ...packed }
  for (const [name, needed] of Object.entries(PACKAGES)) {
    const folder = join(root, 'packages', name)
    cpSync(join(SOURCES, name), join(folder, 'src'), { recursive: true })
    const dependencies = Object.fromEntries(needed.map((other) => [other, known[other] ?? '1.0.0']))
    write(join(folder, 'package.json'), { ...MANIFEST, name: `@workspace/${name}`, dependencies })
  }
  write(join(root, 'package.json'), { private: true, workspaces: ['packages/*'], devDependencies: compilers })
  await installFrom(root, ['--install-strategy=linked'])
}

/** Compiles one package against the declarations of those before it, with `skipLibCheck: false` by default. */
export async function compilePackage(root: string, name: string, compiler: string, options = {}): Promise<Finished> {
  const folder = join(root, 'packages', name)
  const compilerOptions = { ...COMPILER_OPTIONS, ...options }
  write(join(folder, 'tsconfig.json'), { compilerOptions, include: ['src'] })
  return run(process.execPath, [join(root, 'node_modules', compiler, 'bin/tsc'), '-p', '.'], folder)
}

const MANIFEST = {
  version: '1.0.0',
  private: true,
  type: 'module',
  exports: { types: './dist/index.d.ts', default: './dist/index.js' },
}

const COMPILER_OPTIONS = {
  target: 'ES2023',
  lib: ['ESNext', 'DOM', 'DOM.Iterable'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  declaration: true,
  skipLibCheck: false,
  types: [],
  rootDir: 'src',
  outDir: 'dist',
}

function write(path: string, value: unknown): void {
  writeFileSync(path, JSON.stringify(value, null, 2))
}
