import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fromAuthJs } from '../../src/from-auth-js/from-auth-js.ts'
import { exported, optionsFor } from './providers.ts'

test('of all providers that Auth.js exports, those in the documentation can’t be taken, and no others', () => {
  const refused = exported.flatMap(({ file, make }) => {
    try {
      fromAuthJs(make(optionsFor(file, 'https://id.engine.example')))
      return []
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError)
      return [[file, String(error).replace(/^.*can't take the provider [\w-]+: /, '')]]
    }
  })
  expect(exported.length).toBeGreaterThan(95)
  expect(Object.fromEntries(refused)).toEqual(readDocs())
})

/** The table of docs/providers.md, under the heading about them. */
function readDocs(): Record<string, string> {
  const docs = readFileSync(new URL('../../../../docs/providers.md', import.meta.url), 'utf8')
  const section = /### Which can't be taken\n([\s\S]*?)(?:\n#|$)/.exec(docs)?.[1] ?? ''
  const rows = [...section.matchAll(/^\| (`[^|]+`)\s*\| ([^|]+?)\s*\|$/gm)]
  return Object.fromEntries(
    rows.flatMap(([, names = '', reason = '']) => [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => [name, reason])),
  )
}
