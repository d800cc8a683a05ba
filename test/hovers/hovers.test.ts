import ts from 'typescript'
import { expect, test } from 'vitest'
import { openLanguageService, pathOf, readSource } from './support/app.ts'

/** Lines: what an editor shows in one glance. */
const MAX_LINES = 6

interface Row {
  /** What users call it. */
  readonly name: string
  readonly file: string
  /** A piece of the file, with `|` in front of the word that is pointed at. */
  readonly at: string
  readonly shows?: string
  readonly lines?: number
  readonly documentation?: string
}

const SESSION = 'Session<"member" | "admin", { org?: string | undefined; }>'

/** What users point at most, and what they see. */
const HOVERS: readonly Row[] = [
  // The one place that names everything which the configuration says, a line each. Its documentation is the app's.
  { name: 'auth', file: 'auth.ts', at: 'const |auth =', lines: 20, documentation: 'Who may do what.' },
  { name: "createAuth's secret", file: 'auth.ts', at: ' |secret:' },
  { name: "createAuth's adapter", file: 'auth.ts', at: ' |adapter:' },
  { name: "createAuth's roles", file: 'auth.ts', at: ' |roles:' },
  { name: "createAuth's claims", file: 'auth.ts', at: ' |claims:' },
  { name: "createAuth's providers", file: 'auth.ts', at: ' |providers:' },
  { name: 'authRouter', file: 'auth.ts', at: '{ |authRouter,', shows: 'const authRouter: AuthRouter<App>' },
  { name: 'protectedProcedure', file: 'auth.ts', at: ' |protectedProcedure,', shows: `const protectedProcedure: AuthProcedure<${SESSION}>` }, // prettier-ignore
  { name: 'authContext(opts)', file: 'router.ts', at: '...|authContext(opts)' },
  { name: "requireRole('admin')", file: 'router.ts', at: "|requireRole('admin')" },
  { name: 'requireRole.middleware', file: 'router.ts', at: "requireRole.|middleware('member')" },
  { name: 'ctx.auth.session', file: 'router.ts', at: 'ctx.auth.|session()' },
  { name: 'session.claims', file: 'router.ts', at: 'session.|claims' },
  // Documented where the app declares the claim.
  { name: 'session.claims.org', file: 'router.ts', at: 'session.claims.|org', documentation: 'The organisation that the session is in.' }, // prettier-ignore
  { name: "authLink's tokens", file: 'client.ts', at: ' |tokens:' },
  { name: "authLink's refreshEarly", file: 'client.ts', at: ' |refreshEarly:' },
  { name: "trpc.auth.signIn.mutate's input", file: 'client.ts', at: ' |provider:' },
]

test.each(HOVERS)('an editor shows $name in a few lines, with its documentation', (row) => {
  const { text, documentation } = hover(row)
  expect(text).not.toMatch(/\bany\b|\.\.\. \d+ more/)
  expect(text.split('\n').length).toBeLessThanOrEqual(row.lines ?? MAX_LINES)
  if (row.shows) expect(inOneLine(text)).toBe(row.shows)
  if (row.documentation) expect(documentation).toBe(row.documentation)
  expect(documentation).not.toBe('')
})

/** tRPC merges contexts by a mapped type that drops what is written about their members: what they hold has its documentation. */
const CONTEXT: readonly Row[] = [
  { name: 'ctx.session', file: 'router.ts', at: 'ctx.|session)', shows: `(property) session: ${SESSION}` },
  { name: 'ctx.auth', file: 'router.ts', at: 'ctx.|auth.session', shows: '(property) auth: AuthContext<App>' },
]

test.each(CONTEXT)('an editor shows $name by its name', (row) => {
  expect(inOneLine(hover(row).text)).toBe(row.shows)
})

test("nothing is shown about a guard but its session, whether or not the app's configuration has a name", () => {
  for (const row of [...HOVERS, ...CONTEXT].filter(({ shows }) => shows?.includes(SESSION))) {
    expect(hover(row, 'unnamed')).toEqual(hover(row))
  }
})

const services = { named: openLanguageService('named'), unnamed: openLanguageService('unnamed') }

function hover({ file, at }: Row, form: keyof typeof services = 'named') {
  const path = pathOf(file)
  const start = readSource(path, form).indexOf(at.replace('|', ''))
  expect(start, `${file} has ${at}`).toBeGreaterThanOrEqual(0)
  const info = services[form].getQuickInfoAtPosition(path, start + at.indexOf('|'))
  return {
    text: ts.displayPartsToString(info?.displayParts),
    documentation: ts.displayPartsToString(info?.documentation),
  }
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
