import { expect, test } from 'vitest'
import { createWarnOnce } from '../../src/internal/warn-once.ts'

test('M18 what was warned of is remembered by its first 200 characters, and of 1,000 subjects', () => {
  const lines: string[] = []
  const warnOnce = createWarnOnce({ warn: (message) => void lines.push(message) })
  for (const end of ['a', 'b']) warnOnce(`${'x'.repeat(200)}${end}`, 'long')
  expect(lines).toEqual(['long'])
  for (let count = 0; count < 2_000; count++) warnOnce(`subject ${count}`, 'short')
  expect(lines).toHaveLength(1_000)
})
