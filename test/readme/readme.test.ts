import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const FOLDER = join(ROOT, 'test/readme/compiled')

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

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
