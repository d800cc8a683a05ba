import { definePlugin, mutation, provider, query } from '@latchkey/core'
import { idInput, registerInput, renameInput, signInInput, signInOptionsInput } from './input.ts'
import { listPasskeys, listWays, removeAll, removePasskey, renamePasskey } from './manage.ts'
import type { PasskeyOptions } from './options.ts'
import { createRegistrationOptions, registerPasskey } from './registration.ts'
import { readSettings } from './settings.ts'
import type { Shared } from './shared.ts'
import { createSignInOptions } from './sign-in-options.ts'
import { beginSignIn } from './sign-in.ts'
import { tables } from './tables.ts'
import type { Passkey } from './types.ts'

/**
 * Passkeys (WebAuthn): people sign in with a fingerprint, a face, a PIN or a security key, with and without typing their address. Somebody who is
 * signed in makes one; each person may have several.
 *
 * Needs an adapter with `getUser` and `getUserByEmail` that keeps tables of plug-ins. The browser's part is `@latchkey/passkey/client`.
 *
 * @throws AuthError `Configuration`, naming the option and the fix
 *
 * @example createAuth({ adapter: kyselyAdapter(db), plugins: [passkey({ rpName: 'Acme' })] })
 */
export function passkey(options: PasskeyOptions = {}): Passkey {
  const settings = readSettings(options)
  return definePlugin({
    id: 'passkey',
    tables,
    needs: ['getUser', 'getUserByEmail'],
    errors: {
      PasskeyChallengeExpired: { code: 'BAD_REQUEST', message: 'This took too long, or was used already. Try again.' },
      PasskeyRefused: { code: 'BAD_REQUEST', message: 'The passkey was not accepted.' },
      PasskeyTaken: { code: 'CONFLICT', message: 'This passkey is registered already.' },
      TooManyPasskeys: { code: 'CONFLICT', message: 'There are as many passkeys as there may be. Remove one first.' },
    },
    setup: (engine) => {
      const shared: Shared = { settings, engine }
      return {
        providers: [
          provider({
            id: 'passkey',
            name: 'Passkey',
            type: 'webauthn',
            input: signInInput,
            begin: (input, call) => beginSignIn(shared, call, input),
          }),
        ],
        operations: {
          signInOptions: mutation({
            access: 'public',
            input: signInOptionsInput,
            run: (call, input) => createSignInOptions(shared, call, input?.email),
          }),
          registerOptions: mutation({
            access: 'fresh',
            run: (call) => createRegistrationOptions(shared, call),
          }),
          register: mutation({
            access: 'fresh',
            input: registerInput,
            run: (call, input) => registerPasskey(shared, call, input),
          }),
          list: query({
            access: 'session',
            run: ({ user }) => listPasskeys(shared, user.id),
          }),
          rename: mutation({
            access: 'session',
            input: renameInput,
            run: ({ user }, input) => renamePasskey(shared, user.id, input),
          }),
          remove: mutation({
            access: 'fresh',
            input: idInput,
            // One that turns out to be the last way in comes back: not into an account that is somebody else's by then.
            run: ({ user, whileSignedIn }, { id }) => whileSignedIn(() => removePasskey(shared, user.id, id)),
          }),
        },
        ways: { list: (userId) => listWays(shared, userId), removeAll: (userId) => removeAll(shared, userId) },
        exports: async (userId) => ({ passkeys: await listPasskeys(shared, userId) }),
      }
    },
  })
}
