import { configurationError } from '../errors.ts'
import { isPlainObject } from '../internal/json.ts'
import { memoize } from '../internal/memoize.ts'
import type { Strategy } from '../contract/auth-types.ts'
import { readSecrets } from '../token/secrets.ts'
import { isAvailable, readOption } from './deployment.ts'
import type { CookieNames } from './options.ts'
import type { TakeOverOptions } from './take-over-options.ts'

/** How the sessions of another library's app are taken over. */
export interface TakeOver {
  readonly from: 'next-auth' | 'authjs'
  readonly write: 'theirs' | 'ours'
  /** Of the old app: the first encrypts, all decrypt. Read at their first use, as the environment may come later. */
  readonly secrets: () => readonly string[]
}

const OPTION = 'cookies.takeOver'

/** Checks what the compiler checks in TypeScript. @throws AuthError `Configuration` */
export function checkTakeOver({ session, takeOver }: CookieNames = {}): void {
  if (takeOver === undefined) return
  if (!isPlainObject(takeOver)) throw configurationError(OPTION, `write { from: 'next-auth' }, or leave it out`)
  const { from, write, domain }: { from?: unknown; write?: unknown; domain?: unknown } = takeOver
  if (from !== 'next-auth' && from !== 'authjs')
    throw configurationError(`${OPTION}.from`, `choose 'next-auth' (version 4) or 'authjs' (Auth.js, next-auth 5)`)
  if (write !== undefined && write !== 'theirs' && write !== 'ours')
    throw configurationError(`${OPTION}.write`, `choose 'theirs' or 'ours'`)
  if (domain !== undefined && !(typeof domain === 'string' && /^\.?[a-z\d-]+(\.[a-z\d-]+)*$/i.test(domain)))
    throw configurationError(`${OPTION}.domain`, `write a domain, e.g. '.example.com'`)
  if (write !== 'ours' && session?.name !== undefined)
    throw configurationError(
      'cookies.session.name',
      `leave it out: takeOver.write 'theirs' writes the old app's cookie`,
    )
}

/**
 * @param secrets the app's own, for an old app that has the same
 * @throws AuthError `Configuration`
 */
export function readTakeOver(
  takeOver: TakeOverOptions | undefined,
  strategy: Strategy,
  secrets: () => readonly string[],
): TakeOver | null {
  if (!takeOver) return null
  if (strategy !== 'jwt')
    throw configurationError(OPTION, `it is for session.strategy 'jwt'; with 'database' write cookies.session.name`)
  const { from, write = 'theirs', secret } = takeOver
  return { from, write, secrets: secret === undefined ? secrets : readTheirSecrets(secret) }
}

function readTheirSecrets(secret: NonNullable<TakeOverOptions['secret']>): TakeOver['secrets'] {
  const option = `${OPTION}.secret`
  const read = memoize(() => readSecrets(readOption(option, secret), option))
  if (isAvailable(secret)) read()
  return read
}
