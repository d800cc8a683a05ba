import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

// What is announced must be there: a kind of error that nothing throws, or an event that nothing tells, promises a feature that is missing.

const ROOT = join(import.meta.dirname, '../..')
const ERRORS = 'packages/core/src/errors.ts'
const EVENTS = 'packages/core/src/contract/events.ts'

/** Every source of the packages, without the files that only list names. */
const SOURCES = readdirSync(join(ROOT, 'packages'))
  .flatMap((name) =>
    readdirSync(join(ROOT, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' }).map(
      (file) => `packages/${name}/src/${file}`,
    ),
  )
  .filter(
    (file) => /\.tsx?$/.test(file) && ![ERRORS, EVENTS, 'packages/core/src/config/check-options.ts'].includes(file),
  )
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))

const KINDS = namesOf(ERRORS, /export type AuthErrorKind =([^]*?)\n\n/, /'(\w+)'/g)
const NAMES = namesOf(EVENTS, /export interface Events \{([^]*?)\n\}/, /^ {2}readonly (\w+)\?:/gm)

test('M42 the lists of kinds and events are read from the sources', () => {
  expect(KINDS).toContain('SessionRequired')
  expect(NAMES).toContain('signIn')
})

test.for([...KINDS])('M42 something throws %s', (kind) => {
  // `Configuration` has a function of its own, beside its table.
  const pattern = kind === 'Configuration' ? /configurationError\(/ : new RegExp(`['"]${kind}['"]`)
  expect(SOURCES.some((source) => pattern.test(source))).toBe(true)
})

test.for([...NAMES])('M42 something tells the event %s', (name) => {
  expect(SOURCES.some((source) => new RegExp(`emit\\(\\s*'${name}'`).test(source))).toBe(true)
})

test('M42 an account has the types that a provider can be given', () => {
  const user = readFileSync(join(ROOT, 'packages/core/src/contract/user.ts'), 'utf8')
  const provider = readFileSync(join(ROOT, 'packages/core/src/contract/provider.ts'), 'utf8')
  const [, ofAccount] = /export interface Account \{[^}]*readonly type: ([^\n]+)/.exec(user) ?? []
  const [, ofOptions] = /export interface ProviderOptions[^]*?readonly type\?: ([^\n]+)/.exec(provider) ?? []
  expect([ofAccount, ofOptions]).toEqual(['ProviderType', 'ProviderType'])
})

/** The names that `each` finds in the part of a source that `part` finds. */
function namesOf(file: string, part: RegExp, each: RegExp): readonly string[] {
  const [, found = ''] = part.exec(readFileSync(join(ROOT, file), 'utf8')) ?? []
  return [...found.matchAll(each)].map(([, name = '']) => name)
}
