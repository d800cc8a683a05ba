import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

// What an editor shows of a package's names is what its declarations say.

const PACKAGES = join(import.meta.dirname, '../../packages')
const NAMES = [
  'core',
  'core/store/index',
  'trpc',
  'client',
  'kysely',
  'kysely/migrate',
  'superjson',
  'api-keys',
  'password',
  'email',
  'oauth',
  'oauth/presets/index',
  'passkey',
  'passkey/client/index',
  'totp',
] as const
const distOf = (name: string) => join(PACKAGES, name.split('/')[0] ?? '', 'dist')
const fileOf = (name: string) => join(distOf(name), `${name.split('/').slice(1).join('/') || 'index'}.d.ts`)

const program = ts.createProgram(NAMES.map(fileOf), {
  strict: true,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  skipLibCheck: true,
  types: [],
})
const checker = program.getTypeChecker()

test.each(NAMES)('everything that can be imported from @latchkey/%s is documented', (name) => {
  const exported = readExports(name)
  expect(exported.length).toBeGreaterThan(name === 'superjson' ? 3 : 5) // it exports four names
  expect(exported.filter((symbol) => !isDocumented(symbol)).map((symbol) => symbol.name)).toEqual([])
})

/** What an app writes or reads itself, beside everything that is called options. */
const READ_BY_APPS = ['Callbacks', 'ClientSession', 'Events', 'Logger', 'Session', 'SessionInfo', 'SessionUser', 'SignInLimits', 'TableNames', 'TokenResponse'] // prettier-ignore
/** What the author of a plug-in or a provider writes or reads. */
const READ_BY_AUTHORS = ['Account', 'AnyPlugin', 'AttemptParams', 'AttemptRule', 'Call', 'CellCondition', 'Challenge', 'CountedAttempt', 'CreatedUser', 'CredentialSource', 'DriverQuery', 'Endpoint', 'Factor', 'HttpBinding', 'LinkedUser', 'ListQuery', 'MirroredUser', 'OpenedCredential', 'Pending', 'PluginDefinition', 'PluginEngine', 'PluginError', 'PluginParts', 'ProviderInfo', 'RefusedAttempt', 'SignedInCall', 'SignInDefinition', 'SigningInCall', 'Table', 'TableDriver', 'TableStore', 'User', 'VerifiedUser'] // prettier-ignore
const READ = [...READ_BY_APPS, ...READ_BY_AUTHORS]
/** JSON of WebAuthn, which a server makes and a browser reads: its members are the standard's. */
const OF_STANDARDS = /^(?:Registration|SignIn)Options$/
/** What a framework hands to `createContext`: its members are the framework's. */
const OF_FRAMEWORKS = /(?:Fastify|Fetch|Lambda|Node|Socket)ContextOptions/

test.each(NAMES)('so is every option of @latchkey/%s, and what apps and plug-ins read', (name) => {
  const listed = readExports(name).filter((symbol) => READ.includes(symbol.name) || /Options?$/.test(symbol.name)) // prettier-ignore
  expect(listed.length).toBeGreaterThan(0)
  const members = listed
    .filter((symbol) => !OF_FRAMEWORKS.test(symbol.name) && !OF_STANDARDS.test(symbol.name))
    .flatMap((symbol) => checker.getDeclaredTypeOfSymbol(symbol).getProperties())
    .filter((member) => member.declarations?.some((node) => node.getSourceFile().fileName.startsWith(PACKAGES)))
  expect(members.filter((member) => !isDocumented(member)).map((member) => member.name)).toEqual([])
})

test.each(NAMES)('and every option of @latchkey/%s that may be left out says its default', (name) => {
  const without = readExports(name)
    .filter(
      (symbol) => /Options?$/.test(symbol.name) && !OF_FRAMEWORKS.test(symbol.name) && !OF_STANDARDS.test(symbol.name),
    )
    .flatMap((symbol) => checker.getDeclaredTypeOfSymbol(symbol).getProperties())
    // As it is declared: what a preset makes optional by `Partial` has the preset's own.
    .filter((member) => member.declarations?.every((node) => ts.isPropertySignature(node) && node.questionToken))
    .filter((member) => member.declarations?.some((node) => node.getSourceFile().fileName.startsWith(PACKAGES)))
    .filter((member) => !member.getJsDocTags(checker).some((tag) => tag.name === 'default'))
  expect(
    without.map((member) => `${member.name} (${member.declarations?.[0]?.getSourceFile().fileName.split('/').at(-1)})`),
  ).toEqual([])
})

/** The names that a package exports, and defines itself. */
function readExports(name: string): readonly ts.Symbol[] {
  const file = program.getSourceFile(fileOf(name))
  const module = file && checker.getSymbolAtLocation(file)
  if (!module) throw new Error(`packages/${name} isn't built: npm run build`)
  return checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .filter((symbol) => symbol.declarations?.every((node) => node.getSourceFile().fileName.startsWith(distOf(name)))) // prettier-ignore
}

function isDocumented(symbol: ts.Symbol): boolean {
  return symbol.getDocumentationComment(checker).length > 0
}
