import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { readBlocks } from './support/blocks.ts'
import { COMPILED } from './support/compile.ts'
import { ROOT } from './support/pages.ts'

/** Beside the folders in which pages are compiled. */
const FOLDER = join(COMPILED, '../compiled-plugins')

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

test('the plug-in of docs/plugins.md has about forty lines, and its test passes as it stands in the page', async () => {
  const files = readBlocks('docs/plugins.md').filter(({ file }) => file !== null)
  expect(files.map(({ file }) => file)).toEqual([
    'server/invitations.ts',
    'server/auth.ts',
    'server/invitations.test.ts',
  ])
  expect(files[0]?.code.split('\n').length).toBeLessThanOrEqual(50)
  for (const { file, code } of files) write(join(FOLDER, file ?? ''), code)
  write(join(FOLDER, 'vitest.config.mjs'), 'export default { test: { include: ["server/*.test.ts"] } }\n')
  const env = { ...process.env, AUTH_SECRET: 'only for the tests of the docs, 32 bytes or more', NO_COLOR: '1' }
  const { stdout } = await promisify(execFile)('npx', ['vitest', 'run', '--root', FOLDER], { cwd: ROOT, env })
  expect(stdout).toMatch(/Tests +1 passed \(1\)/)
})

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
