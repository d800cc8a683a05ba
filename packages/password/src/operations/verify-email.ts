import type { SignedIn, SigningInCall } from '@latchkey/core'
import type { Verify } from '../input.ts'
import type { Shared } from '../shared.ts'
import type { SignUpRow } from '../tables.ts'
import { BROWSER_COOKIE } from './browser-cookie.ts'

/** @throws AuthError `InvalidToken`, `PasswordRequired`, `CredentialsSignin`, `RateLimited` */
export async function verifyEmail(shared: Shared, call: SigningInCall, input: Verify): Promise<SignedIn> {
  const { tables, engine } = shared
  const digest = await engine.hash(input.token)
  const row = await tables.signUps.get({ digest })
  if (!row || row.expires <= engine.clock()) throw engine.error('InvalidToken')
  await requireSameOwner(shared, call, { row, password: input.password })
  const { email, name, hash } = row
  const now = engine.clock()
  const result = await call.signIn({
    create: { email, name, emailVerified: now },
    belongings: async ({ id }) => {
      // First, so that a store that fails here leaves the link as it was: the user is removed again, and the hash with them.
      await tables.hashes.insert({ user: id, hash, changedAt: now })
      if (!(await tables.signUps.take({ digest }))) throw engine.error('InvalidToken')
      await tables.signUps.remove({ email })
    },
    // Another of the address's sign-ups was verified, or it has an account by now.
    taken: () => engine.error('InvalidToken'),
  })
  if (call.flow === 'cookie') call.setCookie(BROWSER_COOKIE, '', { maxAge: 0 })
  return result
}

/**
 * The mail shows whose the address is, and not whose the password is: a stranger may have signed up with it, so that its owner opens the link.
 * So it is asked for, unless this is the browser that signed up.
 *
 * @throws AuthError `PasswordRequired`, `CredentialsSignin`, `RateLimited`
 */
async function requireSameOwner(
  { engine, passwords }: Shared,
  call: SigningInCall,
  { row, password }: { readonly row: SignUpRow; readonly password: string | undefined },
): Promise<void> {
  const browser = call.cookie(BROWSER_COOKIE)
  if (browser !== null && (await engine.hash(browser)) === row.browser) return
  if (password === undefined) throw engine.error('PasswordRequired')
  await call.attempt({ what: 'verifyEmail', whom: row.digest }, async () => {
    const { isRight } = await passwords.check(row.hash, password)
    return isRight ? row : null
  })
}
