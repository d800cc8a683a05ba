import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { afterAll, expect, test, vi } from 'vitest'
import { readBlocks } from '../docs/support/blocks.ts'
import { ROOT } from '../docs/support/pages.ts'

const FOLDER = join(ROOT, 'test/readme/compiled')

afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(FOLDER, { recursive: true, force: true })
})

// That it compiles, and that its types reach the client, is among what test/docs/blocks.test.ts says of every page.
const FILES = readBlocks('README.md').filter(({ file }) => file !== null)

test('the quick start of the README is three files', () => {
  expect(FILES.map(({ file }) => file)).toEqual(['server/auth.ts', 'server/trpc.ts', 'client/trpc.ts'])
})

test.for(FILES)('$file of the quick start is fifteen lines or less of an app’s own code', ({ code }) => {
  const lines = code
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('import') && !line.startsWith('//'))
  expect(lines.length).toBeLessThanOrEqual(15)
})

test('M45 the README installs for each package manager what the quick start imports, peers included', () => {
  const lines = readBlocks('README.md').flatMap(({ info, code }) => (info === 'sh' ? code.split('\n') : []))
  const installs = lines
    .map((line) => /^(npm i|pnpm add|yarn add|bun add) +(.*)$/.exec(line))
    .filter((line) => line !== null)
  expect(installs.map(([, manager]) => manager)).toEqual(['npm i', 'pnpm add', 'yarn add', 'bun add'])
  const imported = FILES.flatMap(({ code }) =>
    [...code.matchAll(/ from '((?:@[\w-]+\/)?\w[\w-]*)/g)].map(([, name = '']) => name),
  )
  const needed = [...new Set([...imported, ...imported.flatMap(readPeers)])].toSorted()
  expect(needed).toContain('@trpc/server')
  for (const [, manager, packages = ''] of installs) expect(packages.split(' ').toSorted(), manager).toEqual(needed)
})

/** What one of our packages needs its app to install, whatever the app does with it. */
function readPeers(name: string): readonly string[] {
  const [, folder] = /^@latchkey\/(\w+)$/.exec(name) ?? []
  if (!folder) return []
  const { peerDependencies = {}, peerDependenciesMeta = {} } = JSON.parse(
    readFileSync(join(ROOT, 'packages', folder, 'package.json'), 'utf8'),
  ) as { peerDependencies?: Record<string, string>; peerDependenciesMeta?: Record<string, { optional?: boolean }> }
  return Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional)
}

test('M16 C12 of 400 guesses at one name the quick start checks ten, also where no address is known', async () => {
  write('server/users.ts', USERS_THAT_COUNT)
  for (const { file, code } of FILES) if (file?.startsWith('server/')) write(file, code)
  vi.stubEnv('AUTH_SECRET', 'kR7vQ2m5n8s1w4z7C0F3I6L9O2R5U8Xa')
  const { appRouter } = await importWritten('server/trpc.ts')
  const { authContext } = await importWritten('server/auth.ts')
  const { checked } = await importWritten('server/users.ts')
  const guess = (password: string) =>
    fetchRequestHandler({
      endpoint: '/trpc',
      router: appRouter,
      req: new Request('http://localhost:3000/trpc/auth.signIn', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ provider: 'credentials', email: 'ann@example.com', password }),
      }),
      createContext: authContext,
      onError: () => {},
    })
  const answers: number[] = []
  for (let index = 0; index < 400; index++) answers.push((await guess(`guess ${index}`)).status)
  expect(answers).toEqual([...Array<number>(10).fill(401), ...Array<number>(390).fill(429)])
  expect(checked).toHaveLength(10)
})

/** Modules that were written out of the README; what they export is the README's. */
function importWritten(name: string) {
  return import(join(FOLDER, name))
}

/** The app's own check, which writes down what it was asked. */
const USERS_THAT_COUNT = `
export const checked: string[] = []
export const checkPassword = (input: { email: string; password: string }) => {
  checked.push(input.password)
  return null
}
`

function write(name: string, text: string): void {
  mkdirSync(dirname(join(FOLDER, name)), { recursive: true })
  writeFileSync(join(FOLDER, name), text)
}
