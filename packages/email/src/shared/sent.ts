/** A mail is on its way, if the address may have one: nobody learns whether it has an account. */
export interface EmailSent {
  readonly status: 'sent'
  /** Seconds for which the code or the link works. */
  readonly expiresIn: number
  /**
   * In the token flow: names this client, so that nobody else can use the code. Keep it, also after the sign-in, and send it with the code and with
   * every later request. In the cookie flow it is a cookie.
   */
  readonly request?: string
}
