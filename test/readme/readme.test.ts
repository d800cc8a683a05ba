import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { afterAll, expect, test, vi } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const FOLDER = join(ROOT, 'test/readme/compiled')

afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(FOLDER, { recursive: true, force: true })
})

/** What the quick start leaves to the app. */
const USERS = `
export const checkPassword = (input: { email: string; password: string }) =>
  input.password === 'right' ? { id: input.email, email: input.email } : null
`

/** A page of the quick start's client, with what it must know without being told: a yes and a no. */
const CLIENT = `
import { trpc } from './trpc.ts'

const session = await trpc.auth.session.query()
export const org: string | undefined = session?.claims.org
export const roles: readonly ('member' | 'admin')[] = session?.roles ?? []
// @ts-expect-error no such claim was declared
session?.claims.plan
`

test('the quick start of the README compiles as it stands, and its types reach the client', () => {
  const files = readBlocks(readFileSync(join(ROOT, 'README.md'), 'utf8'))
  expect([...files.keys()]).toEqual(['server/auth.ts', 'server/trpc.ts', 'client/trpc.ts'])
  write('server/users.ts', USERS)
  write('client/page.ts', CLIENT)
  for (const [name, code] of files) write(name, code)
  write('tsconfig.json', JSON.stringify(TSCONFIG))
  expect(compile()).toBe('')
})

test('the whole quick start is fifteen lines or less of an app’s own code per file', () => {
  for (const code of readBlocks(readFileSync(join(ROOT, 'README.md'), 'utf8')).values()) {
    const lines = code
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('import') && !line.startsWith('//'))
    expect(lines.length).toBeLessThanOrEqual(15)
  }
})

test('M16 C12 of 400 guesses at one name the quick start checks ten, also where no address is known', async () => {
  const files = readBlocks(readFileSync(join(ROOT, 'README.md'), 'utf8'))
  write('server/users.ts', USERS_THAT_COUNT)
  write('server/auth.ts', files.get('server/auth.ts') ?? '')
  write('server/trpc.ts', files.get('server/trpc.ts') ?? '')
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

const TSCONFIG = {
  extends: '../../../tsconfig.base.json',
  compilerOptions: {
    noEmit: true,
    composite: false,
    allowImportingTsExtensions: true,
    noUnusedLocals: false,
    types: ['node'],
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    skipLibCheck: true,
  },
  include: ['.'],
}

/** The \`\`\`ts blocks by the file name in their first line. */
function readBlocks(markdown: string): ReadonlyMap<string, string> {
  const blocks = [...markdown.matchAll(/```ts\n(\/\/ ([\w./-]+):[^]*?)```/g)]
  return new Map(blocks.map(([, code = '', name = '']) => [name, code]))
}

function write(name: string, text: string): void {
  mkdirSync(dirname(join(FOLDER, name)), { recursive: true })
  writeFileSync(join(FOLDER, name), text)
}

/** What the compiler has to say; nothing where all is well. */
function compile(): string {
  try {
    execFileSync('npx', ['tsc', '-p', FOLDER], { cwd: ROOT, encoding: 'utf8' })
    return ''
  } catch (error) {
    return (error as { stdout: string }).stdout // execFileSync's error carries what was printed
  }
}
