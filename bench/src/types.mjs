import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { median, spread } from './statistics.mjs'
import { APPS } from './types-apps.mjs'

const here = fileURLToPath(new URL('..', import.meta.url))

/**
 * What compilers spend on the same small app: without auth, behind a bare middleware, on Latchkey with `use` and with `concat`, and on
 * better-auth. Each round compiles every app once, by turns.
 *
 * @param compilers for each how many rounds, by the number of procedures
 * @returns for each compiler its version, and by app and number of procedures the types instantiated and the CPU seconds of every round
 */
export function measureTypes({ compilers }) {
  return Object.entries(compilers).map(([compiler, rounds]) => ({
    version: readVersion(compiler),
    apps: measureApps(compiler, rounds),
  }))
}

function measureApps(compiler, rounds) {
  const apps = Object.fromEntries(Object.keys(APPS).map((app) => [app, {}]))
  for (const [procedures, times] of Object.entries(rounds)) {
    for (let round = 0; round < times; round++) {
      for (const [app, source] of Object.entries(APPS)) {
        const { instantiations, seconds } = compile(compiler, source(Number(procedures)))
        const known = (apps[app][procedures] ??= { instantiations, seconds: [] })
        known.seconds.push(seconds)
      }
    }
  }
  return apps
}

/** What the procedures of the largest app add to the smallest, against the same behind a bare middleware, round by round. */
export function compareGrowth({ apps }, app) {
  const sizes = Object.keys(apps[app]).map(Number)
  const [few, many] = [Math.min(...sizes), Math.max(...sizes)]
  const seconds = (name) => apps[name][many].seconds.map((time) => time - median(apps[name][few].seconds))
  const types = (name) => apps[name][many].instantiations - apps[name][few].instantiations
  const bare = seconds('bare')
  return {
    procedures: many,
    seconds: spread(seconds(app).map((time, round) => time / bare[round])),
    instantiations: types(app) / types('bare'),
    perProcedure: { own: types(app) / (many - few), bare: types('bare') / (many - few) },
  }
}

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    module: 'NodeNext',
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
  },
  files: ['app.ts'],
}

/** The app compiles, or there is nothing to compare. The CPU time is the whole compiler's: the time that passes depends on who else is there. */
function compile(compiler, code) {
  const folder = `${here}types`
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/app.ts`, code)
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(TSCONFIG))
  const command = [process.execPath, `node_modules/${compiler}/bin/tsc`, '-p', 'types', '--extendedDiagnostics']
  // Bash says what a process and its children have spent, Node doesn't.
  const args = ['-c', 'TIMEFORMAT=\'%3U\'; time "$@"', 'bash', ...command, ...singleThreaded(compiler)]
  const { stdout, stderr, status } = spawnSync('bash', args, {
    cwd: here,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
  rmSync(folder, { recursive: true, force: true })
  const [, found] = /Instantiations:\s+(\d+)/.exec(stdout) ?? []
  if (status !== 0 || !found) throw new Error(stdout)
  return { instantiations: Number(found), seconds: Number(stderr.trim().split('\n').at(-1)) }
}

/** The compilers before 7 know no other way, and no such option. */
function singleThreaded(compiler) {
  return Number.parseInt(readVersion(compiler), 10) >= 7 ? ['--singleThreaded'] : []
}

function readVersion(compiler) {
  return JSON.parse(readFileSync(`${here}node_modules/${compiler}/package.json`, 'utf8')).version
}
