import {
  definePlugin,
  type Endpoint,
  mutation,
  type PluginEngine,
  provider as defineProvider,
  type Schema,
  signInMutation,
} from '@latchkey/core'
import { handleCallback, handleForm } from './flow/callback.ts'
import { takeCode } from './flow/code.ts'
import { handleStart, startLink, startSignIn } from './flow/start.ts'
import { exchangeInput, linkInput, signInInput } from './input.ts'
import type { OAuthOptions } from './options.ts'
import { linkAccount, toVerified } from './person/verified.ts'
import type { OAuthProvider } from './provider.ts'
import { popupPage } from './popup.ts'
import { createSeen } from './seen.ts'
import { createServer } from './server/server.ts'
import { readSettings, type Settings } from './settings.ts'
import type { Shared } from './shared.ts'
import { tables } from './tables.ts'
import { getAccess } from './tokens/access.ts'
import { exportTokens, removeTokens } from './tokens/store.ts'
import type { AccessTokenQuery, OAuth, OAuthErrorKind, OAuthSignIn } from './types.ts'

/**
 * Sign-in with accounts at other services: OpenID Connect and OAuth 2. Each provider is an entry of the list, made with `oidc()`, `oauth2()` or
 * a preset. Register `{baseUrl}{basePath}/callback/{id}` as redirect URI there: `https://app.example.com/auth/callback/google`.
 *
 * @throws AuthError `Configuration`, naming the option and the fix
 *
 * @example
 * oauth([oidc({ id: 'acme', issuer: 'https://id.acme.example', clientId: 'my-app', clientSecret: process.env.ACME_SECRET! })])
 */
export function oauth<const TId extends string>(
  providers: readonly OAuthProvider<TId>[],
  options: OAuthOptions = {},
): OAuth<TId> {
  const settings = readSettings(providers, options)
  return definePlugin({
    id: 'oauth',
    tables,
    optionalTables: true,
    errors: {
      OAuthCallbackError: { code: 'BAD_REQUEST', message: 'The sign-in at the provider did not succeed. Try again.' },
      OAuthUnavailable: { code: 'SERVICE_UNAVAILABLE', message: 'The provider could not be reached. Try again later.' },
      ProviderTokenExpired: {
        code: 'PRECONDITION_FAILED',
        message: 'The access to the provider has ended. Ask the person to link the account again.',
      },
      ProviderTokenMissing: {
        code: 'NOT_FOUND',
        message: 'There is no access to the provider. Ask the person to link an account there.',
      },
    },
    setup: (engine) => {
      const shared = share(settings, engine, 'flows' in engine.tables ? engine.tables : null)
      return {
        providers: providers.map(({ id, name = id, type }) =>
          defineProvider({
            id,
            name,
            type,
            input: signInInput,
            begin: (input: Omit<OAuthSignIn, 'provider'>, call) =>
              startSignIn(shared, { ...input, provider: id }, call),
          }),
        ),
        operations: {
          link: mutation({
            access: 'fresh',
            input: linkInput as Schema<OAuthSignIn<TId>, OAuthSignIn<TId>>, // of another provider it is refused
            run: (call, input) => startLink(shared, input, call),
          }),
          confirmLink: mutation({
            access: 'session',
            input: exchangeInput,
            run: async ({ user, whileSignedIn }, input) => {
              const arrival = await takeCode(shared, input, user.id)
              await whileSignedIn(() => linkAccount(shared, user.id, arrival))
              return { linked: true as const }
            },
          }),
          exchange: signInMutation({
            input: exchangeInput,
            run: async (call, input) => call.signIn(toVerified(shared, await takeCode(shared, input, null))),
          }),
        },
        ways: {
          // Linked accounts are the engine's own to list and remove.
          list: () => [],
          removeAll: (userId) => removeTokens(shared, { user: userId }),
          unlinked: (userId, { provider, providerAccountId }) =>
            removeTokens(shared, { user: userId, provider, subject: providerAccountId }),
        },
        exports: (userId) => exportTokens(shared, userId),
        accounts: { accessToken: (query: AccessTokenQuery) => getAccess(shared, query) },
        endpoints: {
          ...createCallbacks(shared),
          popup: { method: 'GET', run: () => popupPage() },
          start: { method: 'GET', run: (call, request) => handleStart(shared, call, request) },
        },
      }
    },
  })
}

function share(settings: Settings, engine: PluginEngine<{}, OAuthErrorKind>, opened: Shared['tables']): Shared {
  const servers = settings.providers.map((provider) => [provider.id, createServer(provider, engine.clock)] as const)
  return {
    settings,
    servers: new Map(servers),
    engine,
    tables: opened,
    seen: createSeen(engine.clock),
    refreshing: new Map(),
  }
}

/** Each provider has an address of its own, so that none can answer for another (RFC 9700 section 4.4.2). */
function createCallbacks(shared: Shared): Readonly<Record<string, Endpoint>> {
  const callbacks: Record<string, Endpoint> = {}
  for (const [id, server] of shared.servers) {
    const path = `/callback/${id}`
    callbacks[`${id} callback`] = {
      method: 'GET',
      path,
      run: (call, request) => handleCallback(shared, server, call, request),
    }
    callbacks[`${id} form`] = {
      method: 'POST',
      path,
      run: (call, request) => handleForm(shared, server, call, request),
    }
  }
  return callbacks
}
