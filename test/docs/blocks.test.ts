import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readBlocks } from './support/blocks.ts'
import { COMPILED, compilePage, isCode } from './support/compile.ts'
import { PAGES, ROOT } from './support/pages.ts'

afterAll(() => rmSync(COMPILED, { recursive: true, force: true }))

/** What a block may be, exactly: a word more could be a way out of what is checked below. */
const LANGUAGES = ['ts', 'tsx', 'sh', 'sql', 'json', 'text']

test('M42 the pages are found, and their blocks', () => {
  expect(PAGES).toEqual(expect.arrayContaining(['README.md', 'docs/tokens.md', 'packages/trpc/README.md']))
  expect(
    readBlocks('README.md')
      .filter(isCode)
      .map(({ file }) => file),
  ).toContain('server/auth.ts')
})

test.for(PAGES)('M42 every block of %s says what it is, and nothing else', (page) => {
  const others = readBlocks(page).filter(({ info }) => !LANGUAGES.includes(info))
  expect(others.map(({ info, line }) => `${page}:${line} \`${info}\``)).toEqual([])
})

test.for(PAGES)('M42 %s has no code that is kept from the compiler', (page) => {
  const blocks = readBlocks(page)
  const fences = readFileSync(join(ROOT, page), 'utf8').match(/^\s*(?:```|~~~|<pre)/gm) ?? []
  expect(fences.length).toBe(2 * blocks.length)
  for (const { info, code, line } of blocks) {
    if (isCode({ info, code, line, file: null })) expect(code, `${page}:${line}`).not.toMatch(/@ts-(?:ignore|nocheck)/)
    if (info === 'text') expect(code, `${page}:${line}`).not.toMatch(/^(?:import|export|const|await)\b|=>/m)
  }
})

/** Its blocks are whole files of an app that test/nextjs builds, the check of types included. */
const NEXT = 'docs/nextjs.md'
const WITH_CODE = PAGES.filter((page) => page !== NEXT && readBlocks(page).some(isCode))

test.for(WITH_CODE)('M42 the code of %s compiles', (page) => {
  expect(compilePage(page)).toBe('')
})

const COMMANDS = PAGES.flatMap((page) =>
  readBlocks(page)
    .filter(({ info }) => info === 'sh')
    .map(({ code, line }) => ({ page, line, code })),
)

test.for(COMMANDS)('M42 a shell can read $page:$line', ({ code }) => {
  expect(() => execFileSync('bash', ['-n'], { input: code, stdio: 'pipe' })).not.toThrow()
})

test.for(COMMANDS)('M42 the npm scripts that $page:$line names are there', ({ page, code }) => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const named = [...code.matchAll(/^(?:\w+=\S+ )*npm run (\S+)/gm)].map(([, name = '']) => name)
  for (const name of named) expect(Object.keys(scripts), page).toContain(name)
})
