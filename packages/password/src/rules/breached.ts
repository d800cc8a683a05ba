/** Whether a password is known from leaked data. What it throws is logged, and the password is accepted. */
export type BreachCheck = (password: string) => Promise<boolean>

/** What `haveIBeenPwned()` takes. */
export interface HaveIBeenPwnedOptions {
  /** Makes the request. @default the runtime's own */
  readonly fetch?: (
    url: string,
    init: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
  ) => Promise<Response>
  /** In how many leaks a password may be. @default 0 */
  readonly maxCount?: number
  /** Milliseconds after which the service counts as down. @default 1500 */
  readonly timeout?: number
  /** Where the service is: a mirror of it, say. @default 'https://api.pwnedpasswords.com' */
  readonly url?: string
}

/**
 * Asks "Have I Been Pwned" by k-anonymity: the service gets the first five of forty letters of the password's SHA-1, and returns every hash
 * that begins with them. Padding hides from the network how many these are.
 *
 * @example password({ send, breached: haveIBeenPwned() })
 */
export function haveIBeenPwned(options: HaveIBeenPwnedOptions = {}): BreachCheck {
  const { fetch = globalThis.fetch, maxCount = 0, timeout = 1_500, url = 'https://api.pwnedpasswords.com' } = options
  return async (password) => {
    const digest = await hashHex(password)
    const headers = { 'add-padding': 'true', accept: 'text/plain' }
    const response = await fetch(`${url}/range/${digest.slice(0, 5)}`, {
      headers,
      signal: AbortSignal.timeout(timeout),
    })
    if (!response.ok) throw new Error(`the service answered ${response.status}`)
    return findCount(await response.text(), digest.slice(5)) > maxCount
  }
}

/** Lines of `<the other 35 letters>:<count>`. The count of padding is 0. */
function findCount(lines: string, rest: string): number {
  const line = lines.split(/\r?\n/).find((text) => text.toUpperCase().startsWith(`${rest}:`))
  return Number(line?.slice(rest.length + 1) ?? 0)
}

async function hashHex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()
}
