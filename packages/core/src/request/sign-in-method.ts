import type { SignInMethod } from '../sign-in/candidate.ts'
import { readDefaultAmr } from '../sign-in/amr.ts'
import type { RequestEngine } from './engine.ts'

/**
 * By what an operation or an endpoint of a plug-in signs in: by the provider with the plug-in's id, else by the only provider that the plug-in
 * brings. A link that begins with `signIn({ provider: 'magic-link' })` and ends in an operation is one method.
 */
export function findSignInMethod({ settings, plugins }: RequestEngine, plugin: string): SignInMethod {
  const id = settings.providers.has(plugin) ? plugin : (findOnlyProvider(plugins.providers, plugin) ?? plugin)
  const type = settings.providers.get(id)?.type
  return { id, type: type ?? 'credentials', name: null, credentials: null, amr: type ? readDefaultAmr(type) : [] }
}

function findOnlyProvider(providers: ReadonlyMap<string, string>, plugin: string): string | null {
  const own = [...providers].filter(([, owner]) => owner === plugin)
  return own.length === 1 ? (own[0]?.[0] ?? null) : null
}
