import { type Call, definePlugin, mutation, query, signInMutation } from '@latchkey/core'
import { takeBackupCode } from './backup-codes.ts'
import { takeAnyCode, takeCode } from './check-code.ts'
import { isRemembered, rememberDevice } from './devices.ts'
import { confirm, disable, enrol, readStatus, regenerateBackupCodes, removeAll } from './enrolment.ts'
import { backupCodeInput, codeInput, verifyInput } from './input.ts'
import { readSettings, type TotpOptions } from './options.ts'
import type { Shared } from './shared.ts'
import { tables } from './tables.ts'
import type { Totp } from './types.ts'

/**
 * A second factor: the codes of an authenticator app (RFC 6238), with backup codes and remembered devices. Once a person has set one up,
 * their sign-ins return `{ status: 'challenge' }`, unless they have shown two factors already, by a passkey.
 *
 * Needs an adapter with `getUser` that keeps tables of plug-ins.
 *
 * @throws AuthError `Configuration`, naming the option and the fix
 *
 * @example createAuth({ adapter: kyselyAdapter(db), plugins: [password(), totp({ issuer: 'Acme' })] })
 */
export function totp(options: TotpOptions = {}): Totp {
  const settings = readSettings(options)
  return definePlugin({
    id: 'totp',
    tables,
    needs: ['getUser'],
    errors: {
      TotpNotEnrolled: { code: 'CONFLICT', message: 'No second factor is being set up. Begin again.' },
    },
    setup: (engine) => {
      const shared: Shared = { settings, tables: engine.tables, engine }
      return {
        factors: {
          totp: {
            isDue: async ({ user, amr }, call) => {
              if (amr.includes('mfa')) return false
              const row = await engine.tables.secrets.get({ user: user.id })
              return row !== null && !(await isRemembered(shared, call, row))
            },
          },
        },
        operations: {
          enrol: mutation({ access: 'fresh', run: ({ current }) => enrol(shared, current) }),
          confirm: mutation({
            access: 'session',
            input: codeInput,
            run: (call, { code }) =>
              attempt(call, call.user.id, () => call.whileSignedIn(() => confirm(shared, call.current, code))),
          }),
          disable: mutation({ access: 'fresh', run: ({ current }) => disable(shared, current) }),
          regenerateBackupCodes: mutation({
            access: 'fresh',
            run: ({ current }) => regenerateBackupCodes(shared, current),
          }),
          status: query({ access: 'session', run: ({ user }) => readStatus(shared, user.id) }),
          verify: signInMutation({
            input: verifyInput,
            run: async (call, { challenge, code, remember = false }) => {
              const pending = await call.pending(challenge)
              const { id } = pending.user
              const row = await attempt(call, id, () => takeCode(shared, id, code))
              const result = await call.finish(pending, 'totp', { amr: ['otp'] })
              if (remember) await rememberDevice(shared, call, row)
              return result
            },
          }),
          useBackupCode: signInMutation({
            input: backupCodeInput,
            run: async (call, { challenge, code }) => {
              const pending = await call.pending(challenge)
              const { id } = pending.user
              await attempt(call, id, () => takeBackupCode(shared, id, code))
              return call.finish(pending, 'totp', { amr: ['otp'] })
            },
          }),
          stepUp: signInMutation({
            access: 'session',
            input: codeInput,
            run: async (call, { code }) => {
              const { id } = call.user
              // Before the code is checked: a take-over that comes later is noticed, because the row that was read is unverified.
              const user = await engine.store.getUser(id)
              if (!user) throw engine.error('SessionRevoked')
              await attempt(call, id, () => takeAnyCode(shared, id, code))
              return call.signIn({ user, amr: ['otp', 'mfa'] })
            },
          }),
        },
        ways: { list: () => [], removeAll: (userId) => removeAll(shared, userId) },
        exports: async (userId) => ({ ...(await readStatus(shared, userId)) }),
      }
    },
  })
}

/** Codes and backup codes share a count per person: somebody who knows the first factor gets as many challenges as they like. */
function attempt<T extends object>(call: Call, whom: string, check: () => Promise<T | null>): Promise<T> {
  return call.attempt({ what: 'code', whom }, check)
}
