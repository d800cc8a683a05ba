import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The compiled entry of this package, for processes of their own, which can't read TypeScript. */
    readonly packageEntry: string
  }
}

/** Compiles the sources as they are now, whatever lies in `dist`; somewhere from where `kysely` is found. */
export default async function compilePackage(project: TestProject): Promise<() => Promise<void>> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const modules = join(root, 'node_modules')
  await mkdir(modules, { recursive: true })
  const outDir = await mkdtemp(join(modules, '.test-build-'))
  const flags = '--noCheck --composite false --declaration false --declarationMap false --isolatedDeclarations false'
  const tsc = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url))
  await promisify(execFile)(process.execPath, [tsc, '-p', root, '--outDir', outDir, ...flags.split(' ')])
  project.provide('packageEntry', join(outDir, 'index.js'))
  return () => rm(outDir, { recursive: true })
}
