import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { bundleFor, installRuntime } from './install.ts'

test('M36 Deno that may only use the network runs with secret and baseUrl, and says when baseUrl was forgotten', async ({
  skip,
}) => {
  const folder = await installRuntime('deno', '2.9.6')
  if (folder === null) return skip('deno could not be installed')
  await bundleFor('deno-app.ts', join(folder, 'app.mjs'), ['deno', 'node'])
  const platforms = join(folder, 'node_modules/@deno')
  const [platform = ''] = readdirSync(platforms)
  const args = ['run', '--allow-net', '--no-prompt', 'app.mjs']
  const { stdout } = await promisify(execFile)(join(platforms, platform, 'deno'), args, { cwd: folder })
  expect(stdout.split('\n')).toEqual(['200 null', expect.stringMatching(/^baseUrl: .*set baseUrl/), '500', ''])
}, 300_000)
