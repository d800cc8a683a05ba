import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AuthError, type AuthErrorKind } from '@latchkey/core'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** The rows of docs/errors.md: kind and code. */
const ROWS = [
  ...readFileSync(join(ROOT, 'docs/errors.md'), 'utf8').matchAll(/^\| `(\w+)` +\| `(\w+)` +\| (.+?) *\|$/gm),
].map(([, kind = '', code = '', meaning = '']) => ({ kind, code, meaning }))

test('C6 docs/errors.md has every kind, once', () => {
  const source = readFileSync(join(ROOT, 'packages/core/src/errors.ts'), 'utf8')
  const [, union = ''] = /export type AuthErrorKind =([^]*?)\n\n/.exec(source) ?? []
  const kinds = [...union.matchAll(/'(\w+)'/g)].map(([, kind]) => kind)
  expect(kinds).toContain('SessionRequired')
  expect(ROWS.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted())
})

test.for(ROWS)('C6 docs/errors.md gives $kind its code, and says what it means', ({ kind, code, meaning }) => {
  expect(new AuthError(kind as AuthErrorKind).code).toBe(code) // the test above says that it is one
  expect(meaning).not.toBe('')
})
