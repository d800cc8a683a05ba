import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeWith, findPostgres } from '../../packages/kysely/test/services.ts'
import { createPostgres } from '../../packages/kysely/test/support/postgres.ts'
import { installPackages, RegistryUnreachable } from '../consumer/support/install.ts'
import { packPackages } from '../consumer/support/pack.ts'
import { buildAndRun, installApp } from './support/app.ts'
import { askNext, buildNext } from './support/next.ts'

/** Both lines of Kysely that are supported: they export the same things from different entries. */
const LINES = { oldest: '0.28.17', newest: '0.29.9' } as const
const TOOLS = {
  next: '16.4.6',
  react: '19.2.0',
  'react-dom': '19.2.0',
  webpack: '5.112.2',
  vite: '8.3.8',
  esbuild: '0.28.2',
  rolldown: '1.2.19',
  pg: '8.20.0',
}

/** Next's bundlers by line. Its webpack takes a minute of a processor: it builds only the line on which it once failed. */
const NEXT_BUNDLERS = { oldest: ['turbopack'], newest: ['turbopack', 'webpack'] } as const

/** Either of Next's builds takes one minute of a processor. On a busy machine that has been five. */
const NEXT_TIMEOUT = 900_000

const postgres = await findPostgres()

describeWith(postgres, 'servers that are bundled', () => {
  const root = mkdtempSync(join(tmpdir(), 'latchkey-bundlers-'))
  let unreachable: RegistryUnreachable | null = null
  let database: Awaited<ReturnType<typeof createPostgres>>

  beforeAll(async () => {
    const tarballs = await packPackages(join(root, 'packed'))
    try {
      await installPackages(root, [], TOOLS)
      for (const [line, kysely] of Object.entries(LINES)) await installApp(join(root, line), tarballs, kysely)
    } catch (error) {
      if (!(error instanceof RegistryUnreachable) || process.env.REQUIRE_SERVICES === '1') throw error
      unreachable = error
      console.warn(`SKIPPED: servers that are bundled: npm's registry can't be reached\n${error.message}`)
    }
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  beforeEach(async () => {
    database = await createPostgres(postgres)
  })
  afterEach(() => database.drop())

  const environment = (): NodeJS.ProcessEnv => {
    const [, url] = database.address
    return { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', DATABASE_URL: url }
  }

  describe.each(['oldest', 'newest'] as const)('with the %s Kysely', (line) => {
    test.for(['esbuild', 'webpack', 'vite', 'rolldown'])(
      'M32 a server that %s bundled starts away from node_modules',
      async (bundler, { skip }) => {
        skip(unreachable !== null, 'the registry is out of reach')
        const { code, text } = await buildAndRun(join(root, line), bundler, environment())
        expect(text).toBe('6 migrations, Ada\n')
        expect(code).toBe(0)
      },
    )

    test.for(NEXT_BUNDLERS[line])(
      'M32 Next builds with %s without a complaint, and migrates as it starts',
      { timeout: NEXT_TIMEOUT },
      async (bundler, { skip }) => {
        skip(unreachable !== null, 'the registry is out of reach')
        const [app, env] = [join(root, line), environment()]
        const { code, text } = await buildNext(app, bundler, env)
        expect(text).not.toMatch(/not exported|too dynamic|Can't resolve|Critical dependency/)
        expect(code, text).toBe(0)
        expect(await askNext(app, bundler, env)).toBe('200 Ada')
      },
    )
  })
})
