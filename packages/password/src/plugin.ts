import {
  type AnyOperation,
  createBackground,
  definePlugin,
  mutation,
  type PluginEngine,
  query,
  signInMutation,
} from '@latchkey/core'
import { createDefaultHasher } from '#native'
import { withEvenTime } from './hashing/even-time.ts'
import { createPasswords } from './hashing/passwords.ts'
import { createQueue } from './hashing/queue.ts'
import { changeInput, forgotInput, resetInput, setInput, signUpInput, verifyInput } from './input.ts'
import { change } from './operations/change.ts'
import { forgot } from './operations/forgot.ts'
import { reset } from './operations/reset.ts'
import { set } from './operations/set.ts'
import { signUp } from './operations/sign-up.ts'
import { verifyEmail } from './operations/verify-email.ts'
import type { PasswordOptions } from './options.ts'
import { createRules, MAX_LENGTH } from './rules/rules.ts'
import { readSettings, type Settings } from './settings.ts'
import type { Needs, Shared } from './shared.ts'
import { createProvider } from './sign-in.ts'
import { tables, type Tables } from './tables.ts'
import type { Password, PasswordErrorKind } from './types.ts'
import { createAccounts, createWays, exportPassword } from './ways.ts'

/**
 * Signing up and in with an e-mail address and a password: verification, change and reset included. Passwords are hashed with argon2id.
 *
 * Needs an adapter that creates and finds users and keeps tables of plug-ins.
 *
 * @throws AuthError `Configuration`, naming the option and the fix
 *
 * @example createAuth({ adapter: kyselyAdapter(db), plugins: [password({ send: (mail) => sendMail(mail) })] })
 */
export function password(options: PasswordOptions = {}): Password {
  const settings = readSettings(options)
  return definePlugin({
    id: 'password',
    tables,
    needs: ['createUser', 'deleteUser', 'getUser', 'getUserByEmail'],
    errors: {
      EmailTaken: { code: 'CONFLICT', message: 'An account has this e-mail address.' },
      PasswordBreached: { code: 'BAD_REQUEST', message: 'This password is known from leaked data. Choose another.' },
      PasswordExists: { code: 'CONFLICT', message: 'The account has a password. Change it instead.' },
      PasswordRequired: { code: 'PRECONDITION_FAILED', message: 'Enter the password that you signed up with.' },
      PasswordTooCommon: { code: 'BAD_REQUEST', message: 'This password is too easy to guess. Choose another.' },
      PasswordTooShort: { code: 'BAD_REQUEST', message: 'The password is too short.' },
    },
    setup: (engine) => {
      const shared = createShared(settings, engine)
      return {
        providers: [createProvider(shared)],
        ways: createWays(shared),
        exports: (userId) => exportPassword(shared, userId),
        accounts: createAccounts(shared),
        operations: {
          signUp: signInMutation({
            input: signUpInput,
            run: (call, input) => signUp(shared, call, input),
          }),
          verifyEmail: needsMail(
            settings,
            signInMutation({ input: verifyInput, run: (call, input) => verifyEmail(shared, call, input) }),
          ),
          change: signInMutation({
            access: 'session',
            input: changeInput,
            run: (call, input) => change(shared, call, input),
          }),
          set: mutation({ access: 'fresh', input: setInput, run: (call, input) => set(shared, call, input) }),
          forgot: needsMail(
            settings,
            mutation({ access: 'public', input: forgotInput, run: (call, input) => forgot(shared, call, input) }),
          ),
          reset: needsMail(
            settings,
            signInMutation({ input: resetInput, run: (call, input) => reset(shared, call, input) }),
          ),
          rules: query({
            access: 'public',
            run: () => ({ minLength: settings.minLength, maxLength: MAX_LENGTH }),
          }),
        },
      }
    },
  })
}

/** Without mail there are no links to send. */
function needsMail<TOperation extends AnyOperation>({ send }: Settings, operation: TOperation): TOperation {
  return send ? operation : { ...operation, missing: 'password: it needs mail. Pass `send`' }
}

function createShared(
  settings: Settings,
  engine: PluginEngine<{}, PasswordErrorKind, Needs> & { readonly tables: Tables },
): Shared {
  const { logger } = engine
  const { maxConcurrent, maxWaiting, legacy, minLength, words, breached } = settings
  const hasher = settings.hasher ?? createDefaultHasher(logger)
  const queue = createQueue({ maxConcurrent, maxWaiting })
  const passwords = createPasswords({ hasher, legacy, queue, logger })
  return {
    settings,
    engine,
    tables: engine.tables,
    passwords: legacy.length > 0 ? { ...passwords, check: withEvenTime(passwords.check) } : passwords,
    checkRules: createRules({ minLength, words, breached, logger, error: (kind) => engine.error(kind) }),
    inBackground: createBackground({ logger, waitUntil: settings.waitUntil }),
  }
}
