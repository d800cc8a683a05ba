import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { readBlocks } from '../../docs/support/blocks.ts'

const COMPILED = join(import.meta.dirname, '../compiled')

/**
 * The files of a page of the docs that a browser runs, bundled as an app's bundler would do it.
 *
 * @param main what shows them: a module beside the folder `client`
 */
export async function compileForms(page: string, main: string): Promise<string> {
  const folder = join(COMPILED, page.replace(/\.md$/, ''))
  rmSync(folder, { recursive: true, force: true })
  for (const { file, code } of readBlocks(page)) if (file?.startsWith('client/')) write(join(folder, file), code)
  write(join(folder, 'main.tsx'), main)
  const result = (await build({
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    define: { 'process.env.NODE_ENV': '"production"' },
    // vitest sets NODE_ENV, by which vite would take this for development.
    oxc: { jsx: { runtime: 'automatic', development: false } },
    build: { write: false, minify: false, rollupOptions: { input: join(folder, 'main.tsx') } },
  })) as Rolldown.RolldownOutput // one configuration, not watched
  rmSync(folder, { recursive: true, force: true })
  return result.output[0].code
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
