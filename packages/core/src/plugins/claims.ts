import type { AnyOptions } from '../config/options.ts'
import { configurationError } from '../errors.ts'
import type { Schema } from '../internal/schema.ts'

/**
 * The options with the plug-ins' claims among the app's, as if the app had declared them.
 *
 * @throws AuthError `Configuration` if two declare a claim of the same name
 */
export function withPluginClaims(options: AnyOptions): AnyOptions {
  const { plugins = [] } = options
  const claims: Record<string, Schema> = { ...options.claims }
  for (const { id, claims: own = {} } of plugins) {
    for (const [name, schema] of Object.entries(own)) {
      if (Object.hasOwn(claims, name)) {
        throw configurationError(
          `plugins.${id}.claims`,
          `"${name}" is declared already: one of the two needs another name`,
        )
      }
      claims[name] = schema
    }
  }
  return plugins.length === 0 ? options : { ...options, claims }
}
