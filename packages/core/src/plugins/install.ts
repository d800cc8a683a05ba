import type { AccountEngine } from '../accounts/engine.ts'
import { checkProviders } from '../config/check-options.ts'
import type { Engine } from '../config/engine.ts'
import type { AnyOptions } from '../config/options.ts'
import type { CredentialSource } from '../contract/credential.ts'
import type { Endpoint } from '../contract/endpoint.ts'
import type { Factor } from '../contract/factor.ts'
import { isOperation, type Operations } from '../contract/operation.ts'
import type { Installed, OfPlugin } from '../contract/installed.ts'
import type { AnyPlugin, PluginParts, Ways } from '../contract/plugin.ts'
import { AuthError, configurationError, isAuthError } from '../errors.ts'
import { checkPlugins } from './check.ts'
import { toKebabCase } from '../internal/kebab-case.ts'
import { findFault } from './names.ts'
import { createPluginEngine } from './plugin-engine.ts'
import { createTableOpener, type OpenTables } from './tables.ts'

/**
 * Sets up the plug-ins in their order, and collects what they add. Their providers join the engine's.
 *
 * @param assembled the whole engine, once it is there: with the first request
 * @throws AuthError `Configuration`, naming the plug-in and the fix
 */
export function installPlugins(options: AnyOptions, engine: Engine, assembled: () => AccountEngine): Installed {
  const { plugins = [] } = options
  checkPlugins(plugins, options.adapter)
  const openTables = createTableOpener(engine)
  const operations: Record<string, Operations> = {}
  const providers = new Map<string, string>()
  const factors = new Map<string, OfPlugin<Factor>>()
  const credentials: OfPlugin<CredentialSource>[] = []
  const endpoints = new Map<string, OfPlugin<Endpoint>>()
  const ways = new Map<string, Ways>()
  const exports = new Map<string, NonNullable<PluginParts['exports']>>()
  const accounts: Record<string, unknown> = {}
  for (const plugin of plugins) {
    const { id } = plugin
    const parts = setUp(engine, plugin, openTables, assembled)
    if (parts.operations) operations[id] = requireOperations(id, parts.operations)
    addProviders(engine, id, parts.providers)
    for (const provider of parts.providers ?? []) providers.set(provider.id, id)
    addFactors(factors, id, parts.factors)
    if (parts.credential) credentials.push({ plugin: id, part: requireCredential(id, parts.credential) })
    addEndpoints(endpoints, id, parts.endpoints)
    if (parts.ways) ways.set(id, requireWays(id, parts.ways))
    if (parts.exports) exports.set(id, (userId) => parts.exports?.(userId) ?? {})
    addAccounts(accounts, id, parts.accounts)
  }
  return { operations, providers, factors, credentials, endpoints, ways, exports, accounts }
}

function setUp(engine: Engine, plugin: AnyPlugin, openTables: OpenTables, assembled: () => AccountEngine): PluginParts {
  const option = `plugins.${plugin.id}`
  const tables = openTables(plugin)
  let parts: PluginParts
  try {
    // What the plug-in's own definition has typed: its tables, kinds and needs were checked and opened.
    parts = plugin.setup(createPluginEngine(engine, plugin, tables, assembled) as never)
  } catch (cause) {
    if (isAuthError(cause)) throw cause
    throw new AuthError('Configuration', { detail: `${option}: its setup() threw`, cause })
  }
  if (typeof parts !== 'object' || parts === null || 'then' in parts)
    throw configurationError(option, 'its setup() must return its parts, and not a promise of them')
  checkParts(option, parts)
  return parts
}

const PARTS: readonly string[] = [
  'operations',
  'providers',
  'factors',
  'credential',
  'endpoints',
  'ways',
  'exports',
  'accounts',
] satisfies (keyof PluginParts)[]

/** A misspelt name would otherwise be a second factor that is never asked for. */
function checkParts(option: string, parts: PluginParts): void {
  for (const name of Object.keys(parts)) {
    if (!PARTS.includes(name))
      throw configurationError(option, `its setup() returned "${name}", which is none of ${PARTS.join(', ')}`)
  }
}

/** Names are addresses, members of `ctx.auth` and of tRPC's client. */
function requireOperations(path: string, operations: Operations): Operations {
  for (const [name, member] of Object.entries(operations)) {
    const fault = findFault(name)
    if (fault)
      throw configurationError(`plugins.${path}.operations`, `"${name}" can't be an operation's name: ${fault}`)
    if (!isOperation(member)) requireOperations(`${path}.${name}`, member)
  }
  return operations
}

function addProviders({ adapter, settings }: Engine, id: string, providers: PluginParts['providers'] = []): void {
  checkProviders(providers, adapter)
  for (const provider of providers) {
    if (settings.providers.has(provider.id))
      throw configurationError(
        `plugins.${id}.providers`,
        `there is a provider "${provider.id}" already: give it another id`,
      )
    settings.providers.set(provider.id, provider)
  }
}

function addFactors(factors: Map<string, OfPlugin<Factor>>, id: string, own: PluginParts['factors'] = {}): void {
  for (const [name, factor] of Object.entries(own)) {
    const option = `plugins.${id}.factors.${name}`
    if (factors.has(name)) throw configurationError(option, `there is a factor "${name}" already: take another name`)
    if (typeof factor?.isDue !== 'function') throw configurationError(option, 'write { isDue(signIn, call) { … } }')
    factors.set(name, { plugin: id, part: factor })
  }
}

function requireCredential(id: string, credential: CredentialSource): CredentialSource {
  if (typeof credential.find === 'function' && typeof credential.open === 'function') return credential
  throw configurationError(`plugins.${id}.credential`, 'write { find(header) { … }, open(value) { … } }')
}

function requireWays(id: string, ways: Ways): Ways {
  if (typeof ways.list === 'function' && typeof ways.removeAll === 'function') return ways
  throw configurationError(`plugins.${id}.ways`, 'write { list(userId) { … }, removeAll(userId) { … } }')
}

function addAccounts(accounts: Record<string, unknown>, id: string, own: object = {}): void {
  for (const [name, member] of Object.entries(own)) {
    const fault = Object.hasOwn(accounts, name) ? 'another plug-in has a function of this name' : findFault(name)
    if (fault) throw configurationError(`plugins.${id}.accounts.${name}`, fault)
    accounts[name] = member
  }
}

function addEndpoints(
  endpoints: Map<string, OfPlugin<Endpoint>>,
  id: string,
  own: PluginParts['endpoints'] = {},
): void {
  for (const [name, endpoint] of Object.entries(own)) {
    const option = `plugins.${id}.endpoints.${name}`
    if (!METHODS.has(endpoint?.method) || typeof endpoint.run !== 'function')
      throw configurationError(option, "write { method: 'GET' or 'POST', run(call, request) { … } }")
    const path = endpoint.path ?? toKebabCase(name)
    if (!/^\/?[\w-]+(?:\/[\w-]+)*$/.test(path))
      throw configurationError(option, `"${path}" is no path: use letters, digits, - and /`)
    const address = `${endpoint.method} ${path.startsWith('/') ? path.slice(1) : `${toKebabCase(id)}/${path}`}`
    if (endpoints.has(address))
      throw configurationError(option, `the address "${address}" is taken: give it another path`)
    endpoints.set(address, { plugin: id, part: endpoint })
  }
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST'] satisfies Endpoint['method'][])
