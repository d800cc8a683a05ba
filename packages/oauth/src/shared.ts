import type { PluginEngine } from '@latchkey/core'
import type { Server } from './server/server.ts'
import type { Seen } from './seen.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'
import type { OAuthErrorKind, ProviderAccess } from './types.ts'

/** What the functions of this package share. */
export interface Shared {
  readonly settings: Settings
  /** By the provider's id. */
  readonly servers: ReadonlyMap<string, Server>
  /** What has come back, for an app that keeps no tables. */
  readonly seen: Seen
  /** Null: the app keeps no tables. */
  readonly tables: Tables | null
  /** Refreshes that are under way in this process, by the version of the row. */
  readonly refreshing: Map<string, Promise<ProviderAccess>>
  readonly engine: Pick<
    PluginEngine<{}, OAuthErrorKind>,
    | 'baseUrl'
    | 'basePath'
    | 'clock'
    | 'error'
    | 'hash'
    | 'isTrustedOrigin'
    | 'link'
    | 'logger'
    | 'seal'
    | 'store'
    | 'unseal'
  >
}

/** @throws AuthError `InvalidInput` if there is no such provider */
export function requireServer({ servers, engine }: Shared, id: string): Server {
  const server = servers.get(id)
  if (!server) throw engine.error('InvalidInput', { fields: ['provider'] })
  return server
}
