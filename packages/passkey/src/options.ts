import type { UserVerification } from './web-authn.ts'

/** What `passkey()` takes. All of it is optional. */
export interface PasskeyOptions {
  /**
   * The domain that the passkeys belong to: `baseUrl`'s host, or a parent domain of it, so that they also work on sibling hosts. Passkeys
   * made for one domain are lost when it changes.
   *
   * @default the host of `baseUrl`
   * @example rpId: 'example.com' // for app.example.com and admin.example.com
   */
  readonly rpId?: string
  /**
   * The app's name, as the browser shows it.
   *
   * @default the rpId
   */
  readonly rpName?: string
  /**
   * Origins that responses may come from besides `baseUrl` and `trustedOrigins`: those of native apps.
   *
   * @default none
   * @example origins: ['android:apk-key-hash:pNiP5iKyQ8JwgGOaKA1zGPUPJIS-0H1xKCQcfIoGLck']
   */
  readonly origins?: readonly string[]
  /**
   * Whether the authenticator must verify the person, by a fingerprint, a face or a PIN. `'required'` refuses a passkey that didn't. With
   * `'preferred'` a passkey that did counts as two factors, and one that didn't as one.
   *
   * @default 'preferred'
   */
  readonly userVerification?: UserVerification
  /**
   * How many passkeys one person may have. Also how many credentials `signInOptions({ email })` names, whoever is asked for.
   *
   * @default 10
   */
  readonly maxPerUser?: number
}
