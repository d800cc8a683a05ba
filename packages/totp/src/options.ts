import { configurationError, type Duration, readDuration } from '@latchkey/core'

/** What {@link totp} takes. */
export interface TotpOptions {
  /**
   * The name of the app, which authenticator apps show above the code.
   *
   * @default the host of `baseUrl`
   */
  readonly issuer?: string
  /**
   * For how long a device is remembered if the person asks for it: sign-ins with its cookie need no second factor. `false`: no device is.
   *
   * @default '30d'
   */
  readonly remember?: Duration | false
}

/** The options, checked, with every default in place. */
export interface Settings {
  /** null: the host of `baseUrl`. */
  readonly issuer: string | null
  /** Seconds; null: no device is remembered. */
  readonly remember: number | null
}

/** @throws AuthError `Configuration`, naming the option and the fix */
export function readSettings({ issuer, remember = '30d' }: TotpOptions): Settings {
  if (issuer !== undefined && (typeof issuer !== 'string' || issuer.trim() === ''))
    throw configurationError('totp.issuer', 'write the name of the app, or leave it out')
  return {
    issuer: issuer ?? null,
    remember: remember === false ? null : Math.ceil(readDuration('totp.remember', remember, '30d') / 1_000),
  }
}
