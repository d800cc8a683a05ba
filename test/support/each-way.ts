import { describe } from 'vitest'
import type { Flow } from './client.ts'

/** What a client keeps, and where sessions live. */
export interface Setting {
  readonly flow: Flow
  readonly strategy: 'jwt' | 'database'
}

const SETTINGS: readonly Setting[] = [
  { flow: 'cookie', strategy: 'jwt' },
  { flow: 'cookie', strategy: 'database' },
  { flow: 'token', strategy: 'jwt' },
  { flow: 'token', strategy: 'database' },
]

/** The same tests for cookies and tokens, under both strategies. */
export function describeEachWay(suite: (setting: Setting) => void): void {
  describe.each(SETTINGS)('with a $flow, strategy $strategy', suite)
}
