import { createBackground, definePlugin, mutation, type Schema } from '@latchkey/core'
import { object } from 'zod/mini'
import { address, code } from '../shared/input.ts'
import type { ChangeMessage } from '../shared/messages.ts'
import type { MailOptions } from '../shared/options.ts'
import { readMailSettings } from '../shared/settings.ts'
import { confirmChange, requestChange, type Shared } from './change.ts'
import { tables } from './tables.ts'
import type { ChangeEmail } from './types.ts'

/** What `changeEmail()` takes. */
export interface ChangeEmailOptions extends MailOptions<ChangeMessage> {}

const addressInput: Schema<{ email: string }, { readonly email: string }> = object({ email: address })
const codeInput: Schema<{ code: string }, { readonly code: string }> = object({ code })

/**
 * Lets people change the address of their account: `auth.account.changeEmail` and `auth.account.confirmEmail`. The new address is proven with a
 * code before anything changes, and the old one gets notices.
 *
 * Needs an adapter with `getUser`, `getUserByEmail` and `updateUser` that keeps tables of plug-ins.
 *
 * @throws AuthError `Configuration`, naming the option and the fix
 *
 * @example createAuth({ adapter: kyselyAdapter(db), plugins: [emailCode({ send }), changeEmail({ send })] })
 */
export function changeEmail(options: ChangeEmailOptions): ChangeEmail {
  const settings = readMailSettings('changeEmail', options)
  return definePlugin({
    id: 'account',
    tables,
    needs: ['getUser', 'getUserByEmail', 'updateUser'],
    errors: {
      EmailChangeExpired: { code: 'CONFLICT', message: 'This code can no longer be used. Ask for the change again.' },
      EmailChangeTaken: { code: 'CONFLICT', message: 'Another account has this address by now.' },
    },
    setup: (engine) => {
      const inBackground = createBackground({ logger: engine.logger, waitUntil: settings.waitUntil })
      const shared: Shared = { settings, engine, inBackground }
      return {
        // Nobody signs in with a change; whoever loses the account must not finish one.
        ways: {
          list: () => [],
          removeAll: async (userId) => void (await engine.tables.changes.remove({ user: userId })),
        },
        exports: async (userId) => {
          const change = await engine.tables.changes.get({ user: userId })
          return { requested: change && { email: change.email, expires: change.expires } }
        },
        operations: {
          changeEmail: mutation({
            access: 'fresh',
            input: addressInput,
            run: (call, { email }) => requestChange(shared, call, email),
          }),
          // Whoever has the code asked for it within its ten minutes, and was fresh then.
          confirmEmail: mutation({
            access: 'session',
            input: codeInput,
            run: (call, { code: given }) => confirmChange(shared, call, given),
          }),
        },
      }
    },
  })
}
