import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { OPTIONS } from './support/app.ts'

// What an editor shows of the ways to sign in, in an app that has some.

const PATH = join(import.meta.dirname, 'ways/auth.ts')
const SOURCE = readFileSync(PATH, 'utf8')
/** Lines: what an editor shows in one glance. */
const MAX_LINES = 6

const service = ts.createLanguageService({
  ...ts.sys,
  useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  getCurrentDirectory: () => import.meta.dirname,
  getScriptFileNames: () => [PATH],
  getScriptVersion: () => '1',
  getScriptSnapshot: (path) => {
    const text = ts.sys.readFile(path)
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
  },
  getCompilationSettings: () => OPTIONS,
  getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
})

/** A piece of the file, with `|` in front of the word that is pointed at. */
const HOVERS = [
  ['password()', ' [|password({'],
  ["password()'s minLength", '{ |minLength:'],
  ['oauth()', ' |oauth([google'],
  ['google()', 'oauth([|google('],
  ["google()'s clientId", '{ |clientId:'],
  ['totp()', ' |totp()]'],
  ["requireFactor('mfa')", "concat(|requireFactor('mfa'"],
  ['session.amr', 'session.|amr'],
  ["signIn's provider", '{ |provider: '],
  ["signIn's password", ', |password: '],
  ['auth.accounts.accessToken()', 'accounts.|accessToken('],
  ['ctx.auth.password.rules()', 'password.|rules()'],
] as const

test.each(HOVERS)('an editor shows %s in a few lines, with its documentation', (_name, at) => {
  const start = SOURCE.indexOf(at.replace('|', ''))
  expect(start).toBeGreaterThanOrEqual(0)
  const info = service.getQuickInfoAtPosition(PATH, start + at.indexOf('|'))
  const text = ts.displayPartsToString(info?.displayParts)
  expect(text).not.toMatch(/\bany\b|\.\.\. \d+ more/)
  expect(text.split('\n').length, text).toBeLessThanOrEqual(MAX_LINES)
  expect(ts.displayPartsToString(info?.documentation), text).not.toBe('')
})

test('and the app compiles', () => {
  const problems = service.getSemanticDiagnostics(PATH)
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([])
})
