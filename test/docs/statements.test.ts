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

/** Every text in a file's code: the names of its tests are among them, those that stand in tables too. */
function textsOf(file: string): string {
  const path = [join(ROOT, file), join(ROOT, 'packages', file)].find(existsSync)
  if (!path) throw new Error(`there is no ${file}`)
  const texts = readFileSync(path, 'utf8').matchAll(/(['"`])(?:\\.|(?!\1)[^\n])*\1/g)
  return [...texts].map(([text]) => text).join('\n')
}
