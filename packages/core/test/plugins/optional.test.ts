import { expect, test } from 'vitest'
import { createAuth, definePlugin, memoryAdapter, query, table, text } from '../../src/index.ts'
import { SECRET } from '../support/auth.ts'

const notes = table({ id: text() }, { unique: [['id']] })

const define = (optionalTables: boolean, see: (keeps: boolean) => void) =>
  definePlugin({
    id: 'notes',
    tables: { notes },
    optionalTables,
    setup: ({ tables }) => {
      see('notes' in tables)
      return { operations: { now: query({ access: 'public', run: () => 1 }) } }
    },
  })

test('a plug-in that works without its tables is told whether it has them', () => {
  const seen: boolean[] = []
  const plugin = define(true, (keeps) => seen.push(keeps))
  createAuth({ secret: SECRET, plugins: [plugin], adapter: memoryAdapter() })
  createAuth({ secret: SECRET, plugins: [plugin] })
  expect(seen).toEqual([true, false])
  expect(() => createAuth({ secret: SECRET, plugins: [define(false, () => {})] })).toThrow('keeps tables')
})
