import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Block, readBlocks } from './blocks.ts'
import { ROOT } from './pages.ts'

export const COMPILED: string = join(ROOT, 'test/docs/compiled')

/** What a page's reader has by then: in `globals.ts` the names that its fragments use, and the files that its files import. */
const HIDDEN = join(ROOT, 'test/docs/pages')

/**
 * Compiles a page's blocks together, each as a module of its own: one that is a whole file under its name, any other by the number of its
 * line. What the compiler says names both.
 */
export function compilePage(page: string): string {
  const folder = join(COMPILED, page.replace(/\.md$/, ''))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const hidden = join(HIDDEN, page.replace(/\.md$/, ''))
  if (existsSync(hidden)) cpSync(hidden, folder, { recursive: true })
  for (const block of readBlocks(page)) if (isCode(block)) write(join(folder, nameOf(block)), block.code)
  write(join(folder, 'tsconfig.json'), JSON.stringify({ ...TSCONFIG, include: ['.', join(ROOT, 'test/docs/app')] }))
  return compile(folder)
}

export function isCode({ info }: Block): boolean {
  return info === 'ts' || info === 'tsx'
}

function nameOf({ file, info, line }: Block): string {
  return file ?? `line-${line}.${info}`
}

function write(path: string, text: string): void {
  if (existsSync(path)) throw new Error(`${path} is there twice`)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** As in an app, with the repository's strictness. */
const TSCONFIG = {
  extends: join(ROOT, 'tsconfig.base.json'),
  compilerOptions: {
    noEmit: true,
    composite: false,
    allowImportingTsExtensions: true,
    moduleDetection: 'force',
    jsx: 'react-jsx',
    noUnusedLocals: false,
    noUnusedParameters: false,
    types: ['node'],
    lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  },
}

/** What the compiler has to say; nothing if all is well. */
function compile(folder: string): string {
  try {
    execFileSync('npx', ['tsc', '-p', folder], { cwd: ROOT, encoding: 'utf8' })
    return ''
  } catch (error) {
    return (error as { stdout: string }).stdout // execFileSync's error carries what was printed
  }
}
