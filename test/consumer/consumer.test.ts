import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installApp, RegistryUnreachable } from './support/install.ts'
import { packPackages, type Tarball } from './support/pack.ts'
import { run } from './support/run.ts'

/** Both ends of what is supported. Each compiler also compiles the other's app. */
const CONSUMERS = {
  oldest: {
    '@trpc/server': '11.4.3',
    '@trpc/client': '11.4.3',
    typescript: '5.9.3',
    kysely: '0.28.17',
    // tRPC's own declarations need it there, and don't compile with later ones.
    '@types/ws': '8.5.4',
  },
  newest: {
    '@trpc/server': '11.25.2',
    '@trpc/client': '11.25.2',
    typescript: '7.0.2',
    kysely: '0.29.9',
  },
} as const
const SHARED = { zod: '4.6.7', superjson: '2.2.6', libsql: '0.5.29', '@types/node': '20.19.39' }

type ConsumerName = keyof typeof CONSUMERS
const NAMES: readonly ConsumerName[] = ['oldest', 'newest']

const APP = join(import.meta.dirname, 'app')
const root = mkdtempSync(join(tmpdir(), 'latchkey-consumer-'))
const folderOf = (name: ConsumerName) => join(root, name)
let tarballs: readonly Tarball[] = []
let unreachable: RegistryUnreachable | null = null

beforeAll(async () => {
  tarballs = await packPackages(join(root, 'packed'))
  try {
    for (const name of NAMES) await installApp(folderOf(name), APP, tarballs, { ...SHARED, ...CONSUMERS[name] })
  } catch (error) {
    if (!(error instanceof RegistryUnreachable) || process.env.REQUIRE_SERVICES === '1') throw error
    unreachable = error
    console.warn(`SKIPPED: the consumers of the packed packages: npm's registry can't be reached\n${error.message}`)
  }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('what is published is code, its source and its licence, and nothing else', () => {
  for (const { name, files } of tarballs) {
    expect(files, name).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE', 'dist/index.d.ts']))
    const others = files.filter((path) => !/^(?:dist|src)\/.*\.(?:js|tsx?|map)$|^[^/]+$/.test(path))
    expect(others, name).toEqual([])
  }
})

const COMBINATIONS = NAMES.flatMap((name) =>
  NAMES.map((compiler) => {
    const { '@trpc/server': trpc, kysely } = CONSUMERS[name]
    return { name, compiler, trpc, kysely, typescript: CONSUMERS[compiler].typescript }
  }),
)

test.for(COMBINATIONS)(
  'M41 an app compiles on tRPC $trpc and Kysely $kysely with TypeScript $typescript',
  async ({ name, compiler }, { skip }) => {
    skip(unreachable !== null, 'the registry is out of reach')
    expect(await compile(name, compiler)).toEqual({ code: 0, text: '' })

    // A router's declaration names what we export; it doesn't spell out our procedures.
    const declaration = readFileSync(join(folderOf(name), outOf(compiler), 'server/router.d.ts'), 'utf8')
    expect(declaration).toContain('auth: import("@latchkey/trpc").AuthRouter<')
    expect(declaration).not.toMatch(/signOut|revokeOthers|any\b/)
    // Nor does that of a configuration with every way to sign in: each plug-in is its name.
    const ways = readFileSync(join(folderOf(name), outOf(compiler), 'ways/auth.d.ts'), 'utf8')
    expect(ways).toContain('import("@latchkey/password").Password, import("@latchkey/email").EmailCode')
    expect(ways).not.toMatch(/signUp|registerOptions|any\b/)
  },
)

test.for(NAMES)('M41 the journey of the %s app succeeds', async (name, { skip }) => {
  skip(unreachable !== null, 'the registry is out of reach')
  await compile(name, 'newest')
  const start = (file: string) => run(process.execPath, [join(outOf('newest'), file)], folderOf(name))
  expect(await start('smoke.js')).toEqual({ code: 0, text: 'The journey of the packed packages succeeded.\n' })
  expect(await start('ways/smoke.js')).toEqual({ code: 0, text: 'Every way of the packed packages begins.\n' })
})

function outOf(compiler: ConsumerName): string {
  return `out/${compiler}`
}

function compile(name: ConsumerName, compiler: ConsumerName) {
  const tsc = join(folderOf(compiler), 'node_modules/typescript/bin/tsc')
  return run(process.execPath, [tsc, '-p', '.', '--outDir', outOf(compiler)], folderOf(name))
}
