import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { spread } from './statistics.mjs'

const OURS = ['@latchkey/core', '@latchkey/trpc']
const THEIRS = ['@trpc/server', 'jose']

/** Milliseconds that importing takes in a new process, ours against tRPC's server and jose, in pairs. */
export function measureStartup({ rounds }) {
  importIn(OURS)
  const pairs = Array.from({ length: rounds }, () => [importIn(OURS), importIn(THEIRS)])
  return {
    ours: spread(pairs.map(([ours]) => ours)),
    theirs: spread(pairs.map(([, theirs]) => theirs)),
    more: spread(pairs.map(([ours, theirs]) => ours - theirs)),
  }
}

function importIn(names) {
  const code = `const begin = performance.now()
${names.map((name) => `await import('${name}')`).join('\n')}
console.log(performance.now() - begin)`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
  })
  const time = Number(stdout)
  if (!(time > 0)) throw new Error(stderr)
  return time
}
