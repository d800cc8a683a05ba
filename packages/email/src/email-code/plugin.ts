import { createBackground, definePlugin, provider, type Schema } from '@latchkey/core'
import { object, optional } from 'zod/mini'
import { address, code, request } from '../shared/input.ts'
import type { CodeMessage } from '../shared/messages.ts'
import type { SignInMailOptions } from '../shared/options.ts'
import { readMailSettings } from '../shared/settings.ts'
import { emailWay } from '../shared/ways.ts'
import { sendCode, type Shared, useCode } from './codes.ts'
import { tables } from './tables.ts'
import type { EmailCode, EmailCodeInput } from './types.ts'

/** What `emailCode()` takes. */
export interface EmailCodeOptions extends SignInMailOptions<CodeMessage> {}

type Fields = Omit<EmailCodeInput, 'provider'>

const input: Schema<Fields, Fields> = object({ email: address, code: optional(code), request: optional(request) })

/**
 * Sign-in with a code that is sent by mail. `signIn({ provider: 'email-code', email })` sends it, and `signIn({ provider: 'email-code', email,
 * code })` uses it, in the same browser or app: a code works once, for ten minutes, and for nobody who saw it elsewhere.
 *
 * Needs an adapter with `getUser` and `getUserByEmail` that keeps tables of plug-ins.
 *
 * @throws AuthError `Configuration`, naming the option and the fix
 *
 * @example createAuth({ adapter: kyselyAdapter(db), plugins: [emailCode({ send })] })
 */
export function emailCode(options: EmailCodeOptions): EmailCode {
  const settings = { ...readMailSettings('emailCode', options), signUp: options.signUp ?? true }
  return definePlugin({
    id: 'emailCode',
    tables,
    needs: ['getUser', 'getUserByEmail'],
    errors: {
      EmailCodeExpired: { code: 'UNAUTHORIZED', message: 'This code can no longer be used. Ask for a new one.' },
    },
    setup: (engine) => {
      const inBackground = createBackground({ logger: engine.logger, waitUntil: settings.waitUntil })
      const shared: Shared = { settings, engine, inBackground }
      return {
        ways: emailWay(engine.store, 'email-code'),
        providers: [
          provider({
            id: 'email-code',
            name: 'Code by e-mail',
            type: 'email',
            input,
            // A code has a count of its own, which strangers can't reach; here guesses are counted by the client's address.
            identify: null,
            begin: async (fields, call) => {
              const { email, code: given, request: handle } = fields
              if (given === undefined) return { answer: await sendCode(shared, call, { email, request: handle }) }
              return useCode(shared, call, { email, code: given, request: handle })
            },
          }),
        ],
      }
    },
  })
}
