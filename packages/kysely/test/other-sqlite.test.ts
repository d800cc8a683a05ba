import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, inject, onTestFinished, test } from 'vitest'
import { describeWith } from './services.ts'
import { findBun, findNode24 } from './support/runtimes.ts'

const [node24, bun] = await Promise.all([findNode24(), findBun()])

for (const [runtime, title] of [
  [node24, 'node:sqlite on Node 24'],
  [bun, 'bun:sqlite on Bun'],
] as const) {
  describeWith(runtime, title, () => {
    test('M40 a database of it is taken as it is', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'latchkey-'))
      onTestFinished(() => rm(folder, { recursive: true }))
      const script = join(import.meta.dirname, 'children/other-sqlite.mjs')
      const args = [script, inject('packageEntry'), join(folder, 'app.db')]
      const { stdout } = await promisify(execFile)(runtime.binary, args)
      expect(stdout).toBe('works\n')
    })
  })
}
