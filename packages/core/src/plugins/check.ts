import type { AnyPlugin, PluginError } from '../contract/plugin.ts'
import { configurationError, isAuthErrorKind } from '../errors.ts'
import type { Adapter } from '../store/adapter.ts'
import { findFaultOfId } from './names.ts'

/**
 * Checks the definitions of plug-ins before any is set up.
 *
 * @throws AuthError `Configuration`, naming the plug-in and the fix
 */
export function checkPlugins(plugins: readonly AnyPlugin[], adapter: Adapter | undefined): void {
  const ids = new Set<string>()
  const kinds = new Map<string, string>()
  for (const plugin of plugins) {
    checkId(plugin, ids)
    checkErrors(plugin, kinds)
    checkNeeds(plugin, adapter)
  }
}

function checkId({ id, setup }: AnyPlugin, ids: Set<string>): void {
  const fault = findFaultOfId(id)
  if (fault) throw configurationError('plugins', `"${id}" can't be a plug-in's id: ${fault}`)
  if (ids.has(id))
    throw configurationError('plugins', `the id "${id}" is taken: list a plug-in once, or give it another id`)
  if (typeof setup !== 'function')
    throw configurationError(`plugins.${id}`, 'make it with definePlugin({ … }): it lacks setup()')
  ids.add(id)
}

const PASCAL_CASE = /^[A-Z][A-Za-z]{1,39}$/

function checkErrors({ id, errors = {} }: AnyPlugin, kinds: Map<string, string>): void {
  for (const [kind, error] of Object.entries(errors)) {
    const option = `plugins.${id}.errors.${kind}`
    if (!PASCAL_CASE.test(kind)) throw configurationError(option, 'write a kind in PascalCase, with letters only')
    const owner = isAuthErrorKind(kind) ? 'the library' : kinds.get(kind)
    if (owner !== undefined) throw configurationError(option, `this kind is ${owner}'s: take another name`)
    if (!CODES.has(error.code)) throw configurationError(option, `choose a code: ${[...CODES].join(', ')}`)
    if (typeof error.message !== 'string' || error.message === '') throw configurationError(option, 'write a message')
    kinds.set(kind, `the plug-in "${id}"`)
  }
}

const CODES: ReadonlySet<PluginError['code']> = new Set([
  'BAD_REQUEST',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'PRECONDITION_FAILED',
  'TOO_MANY_REQUESTS',
  'SERVICE_UNAVAILABLE',
])

function checkNeeds({ id, needs = [] }: AnyPlugin, adapter: Adapter | undefined): void {
  if (!adapter && needs.length > 0) {
    throw configurationError('adapter', `the plug-in "${id}" needs ${needs.join(', ')}: pass an adapter`)
  }
  for (const method of needs) {
    if (typeof adapter?.[method] !== 'function')
      throw configurationError('adapter', `it lacks ${method}(), which the plug-in "${id}" needs`)
  }
}
