import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './pages.ts'

/** A fenced block of code in a page. */
export interface Block {
  /** What stands behind the opening fence, whole. */
  readonly info: string
  readonly code: string
  /** The line of the page in which the code begins, from 1. */
  readonly line: number
  /** The name of a whole file: the block's first line is a comment with its path, as in `// server/auth.ts: one file of configuration`. */
  readonly file: string | null
}

/** Every fenced block of a page, in order. */
export function readBlocks(page: string): readonly Block[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(/^( *)```([^\n]*)\n([^]*?)^\1```$/gm)].map(
    ({ index, 1: indent = '', 2: info = '', 3: code = '' }) => ({
      info,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      line: text.slice(0, index).split('\n').length + 1,
      file: /^\/\/ ([\w./[\]-]+\.(?:ts|tsx|mts))(?::.*)?\n/.exec(code)?.[1] ?? null,
    }),
  )
}
