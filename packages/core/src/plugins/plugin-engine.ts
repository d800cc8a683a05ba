import type { AccountEngine } from '../accounts/engine.ts'
import { linkAccount } from '../accounts/link.ts'
import { updateUser } from '../accounts/update-user.ts'
import { requireOtherWay } from '../accounts/ways.ts'
import type { Engine } from '../config/engine.ts'
import type { AnyPlugin, PluginEngine } from '../contract/plugin.ts'
import type { Profile } from '../contract/user.ts'
import { AuthError, type AuthErrorKind } from '../errors.ts'
import type { Logger } from '../internal/logger.ts'
import { resolveRedirect } from '../sign-in/redirect.ts'
import type { Table, TableSpec } from '../store/tables/table.ts'
import { hashToken } from '../token/hash.ts'
import { createSeals } from './seal.ts'

/** Any plug-in's engine: what `setup` is given, before a definition types it. */
export type AnyPluginEngine = PluginEngine<Readonly<Record<string, TableSpec>>, string>

/** Makes what a plug-in may use of the engine. @param assembled the whole engine, once it is there */
export function createPluginEngine(
  engine: Engine,
  plugin: AnyPlugin,
  tables: Readonly<Record<string, Table<TableSpec>>>,
  assembled: () => AccountEngine,
): AnyPluginEngine {
  const { settings, adapter } = engine
  const { id } = plugin
  return {
    tables,
    store: adapter ?? {},
    // Read with the first request: it may come later than the configuration.
    get baseUrl() {
      return new URL(settings.baseUrl)
    },
    basePath: settings.basePath,
    isTrustedOrigin: (origin) => settings.isTrustedOrigin(origin),
    clock: settings.clock,
    logger: prefixLogger(settings.logger, id),
    error: (kind, options) => createError(plugin, kind, options),
    ...createSeals(engine, id),
    hash: (text) => hashToken(`${id}:${text}`),
    safeRedirect: (url) => resolveRedirect(engine, url),
    link: async (userId, account, { profile = null } = {}) => {
      const user = await adapter?.getUser?.(userId)
      if (!user) throw new AuthError('NotFound', { detail: 'there is no user with this id' })
      // What a service returns is JSON: an object is a record.
      await linkAccount(engine, { ...user }, account, profile as Profile | null)
    },
    endSessions: (userId) => assembled().endSessions(userId),
    updateUser: (fields) => updateUser(engine, fields),
    requireOtherWay: (userId, wayId) => requireOtherWay(assembled(), userId, { plugin: id, id: wayId }),
  }
}

function createError(
  { errors = {} }: AnyPlugin,
  kind: string,
  options: Parameters<AnyPluginEngine['error']>[1],
): AuthError<string> {
  const own = Object.hasOwn(errors, kind) ? errors[kind] : undefined
  // A definition's types admit its own kinds and the library's.
  return own ? new AuthError<string>(kind, options, own) : new AuthError(kind as AuthErrorKind, options)
}

function prefixLogger({ error, warn }: Logger, id: string): Logger {
  return {
    error: (message, cause) => error(`${id}: ${message}`, cause),
    warn: (message, cause) => warn(`${id}: ${message}`, cause),
  }
}
