import { definePlugin, mutation, query } from '@latchkey/core'
import { createCredential } from './credential.ts'
import { createInput, idInput, renameInput } from './input.ts'
import { createKey, listKeys, removeKeys, renameKey, revokeKey, type Shared, rotateKey } from './keys.ts'
import type { ApiKeyOptions } from './options.ts'
import { readSettings } from './settings.ts'
import { tables } from './tables.ts'
import type { ApiKeyInfo, ApiKeys, NewApiKey } from './types.ts'

/**
 * API keys, for programs that act for a user: `authorization: Bearer lk_…`, or `x-api-key`. Each has a name, scopes and perhaps an end; it is
 * shown once and stored as a digest. A procedure says with `requireScope('posts:read')` that it admits them; everything else refuses them.
 *
 * Needs an adapter with `getUser` that keeps tables of plug-ins.
 *
 * @throws AuthError `Configuration`, naming the option and the fix
 *
 * @example createAuth({ adapter: kyselyAdapter(db), plugins: [apiKeys({ scopes: ['posts:read', 'posts:write'] })] })
 */
export function apiKeys<const TScope extends string>(options: ApiKeyOptions<TScope>): ApiKeys<TScope> {
  const settings = readSettings(options)
  return definePlugin({
    id: 'apiKey',
    tables,
    needs: ['getUser'],
    errors: {
      InvalidApiKey: { code: 'UNAUTHORIZED', message: 'The API key is not valid, or was revoked.' },
      ApiKeyExpired: { code: 'UNAUTHORIZED', message: 'The API key has expired.' },
      TooManyApiKeys: { code: 'CONFLICT', message: 'There are as many API keys as there may be. Revoke one first.' },
    },
    setup: (engine) => {
      const shared: Shared = { settings, tables: engine.tables, engine }
      return {
        credential: createCredential(shared, (id) => engine.store.getUser(id)),
        ways: {
          // Nobody signs in with a key. But whoever has made one may act for the user.
          list: () => [],
          removeAll: (userId) => removeKeys(shared, userId),
        },
        exports: async (userId) => ({ keys: await listKeys(shared, userId) }),
        operations: {
          create: mutation({
            access: 'fresh',
            input: createInput<TScope>(settings.scopes),
            run: async ({ user, whileSignedIn }, input) =>
              (await whileSignedIn(() => createKey(shared, user.id, input))) as NewApiKey<TScope>, // the input's scopes
          }),
          list: query({
            access: 'session',
            run: async ({ user }) => (await listKeys(shared, user.id)) as readonly ApiKeyInfo<TScope>[], // only such scopes are stored
          }),
          rename: mutation({
            access: 'session',
            input: renameInput,
            run: async ({ user }, { id, name }) => (await renameKey(shared, user.id, id, name)) as ApiKeyInfo<TScope>, // as above
          }),
          rotate: mutation({
            access: 'fresh',
            input: idInput,
            run: async ({ user }, { id }) => (await rotateKey(shared, user.id, id)) as NewApiKey<TScope>, // as above
          }),
          revoke: mutation({
            access: 'session',
            input: idInput,
            run: ({ user }, { id }) => revokeKey(shared, user.id, id),
          }),
        },
      }
    },
  })
}
