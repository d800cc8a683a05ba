import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** The rows of docs/statements.md: a number, and the files whose tests prove it. */
const ROWS = [
  ...readFileSync(join(ROOT, 'docs/statements.md'), 'utf8').matchAll(/^\| ([A-Z]\d+) +\|.*\|(.*)\|$/gm),
].map(([, id = '', files = '']) => ({ id, files: [...files.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path) }))

test('docs/statements.md is a list', () => {
  expect(ROWS.length).toBeGreaterThan(80)
})

test.for(ROWS)('$id is proved where docs/statements.md says so', ({ id, files }) => {
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) expect(textsOf(file), file).toMatch(new RegExp(`\\b${id}\\b`))
})

/** A code helps no reader: a comment or a page says the reason, or links the RFC. */
test('codes stand in tests and in docs/statements.md, and nowhere else', () => {
  const files = execFileSync('git', ['ls-files', 'packages/*/src/*', 'apps/*/src/*', 'examples/*/src/*', '*.md'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const code = new RegExp(`\\b(?:${ROWS.map(({ id }) => id.replace(/^(.)/, '$10?')).join('|')})\\b`)
  const named = files
    .trim()
    .split('\n')
    .filter((file) => file !== 'docs/statements.md' && /\.(?:tsx?|md)$/.test(file))
    .flatMap((file) => {
      const lines = readFileSync(join(ROOT, file), 'utf8').replaceAll(NO_CODES, '').split('\n')
      return lines.filter((line) => code.test(line)).map((line) => `${file}: ${line.trim()}`)
    })
  expect(named).toEqual([])
})

/** Cloudflare's database, a kind of app, a window system, and the lines of an SVG. */
const NO_CODES = /\bD1\b|\bT3 app\b|\bX11\b|\bd="[^"]*"/g

/** Every text in a file's code: the names of its tests are among them, those that stand in tables too. */
function textsOf(file: string): string {
  const path = [join(ROOT, file), join(ROOT, 'packages', file)].find(existsSync)
  if (!path) throw new Error(`there is no ${file}`)
  const texts = readFileSync(path, 'utf8').matchAll(/(['"`])(?:\\.|(?!\1)[^\n])*\1/g)
  return [...texts].map(([text]) => text).join('\n')
}
