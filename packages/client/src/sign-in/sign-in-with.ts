import { goTo } from './go-to.ts'
import { finishPopup, openPopup } from './popup.ts'
import type { AuthClient, RedirectInput, RedirectProvider, SignInOutput, SignInWithOptions } from './types.ts'
import { keepVerifier, randomText, toChallenge } from './verifier.ts'

/**
 * Signs in through a provider that the person's browser has to visit: Google, GitHub, a company's identity provider.
 *
 * The page is left for the provider's, and the browser comes back to `redirectTo`; or with `popup` the provider's page opens in a window of its
 * own, and the promise resolves when that has ended. If the browser blocks the popup, the page is left as without it. Call it in the handler of
 * a click: browsers open popups only then.
 *
 * With a token store a navigation ends in {@link finishSignIn}, called by the page at `redirectTo`.
 *
 * @example <button onClick={() => signInWith(client.auth, 'google', { redirectTo: '/account' })}>Continue with Google</button>
 * @example const { status } = await signInWith(client.auth, 'google', { popup: true })
 *
 * @param auth the auth router's part of the tRPC client
 * @param provider its id: one of the router's that lead to another page
 * @returns what `signIn` returns; after a navigation `{ status: 'redirect' }`, while the browser is leaving
 * @throws TRPCClientError if the server refuses to begin
 * @throws SignInError if the popup ends in an error, with its kind, or is closed before (`PopupClosed`). `readErrorKind` reads both
 */
export async function signInWith<TAuth extends AuthClient, TProvider extends RedirectProvider<TAuth>>(
  auth: TAuth,
  provider: TProvider,
  { redirectTo = '/', popup = false }: SignInWithOptions = {},
): Promise<SignInOutput<TAuth>> {
  // First of all: after an await the browser no longer takes it for the click's.
  const opened = popup ? openPopup() : null
  try {
    const verifier = randomText(32)
    const codeChallenge = await toChallenge(verifier)
    const input: RedirectInput = {
      provider,
      // Absolute: this page may be on another origin than the server.
      redirectTo: new URL(redirectTo, location.href).href,
      ...(codeChallenge !== undefined && { codeChallenge }),
      ...(opened && { popup: opened.id }),
    }
    const begun = (await auth.signIn.mutate(input as never)) as { readonly status: 'redirect'; readonly url: string } // what such a provider begins with
    if (opened) return (await finishPopup(auth, opened, { url: begun.url, verifier })) as SignInOutput<TAuth>
    keepVerifier(verifier)
    goTo(location, begun.url)
    return begun as SignInOutput<TAuth>
  } catch (error) {
    opened?.close()
    throw error
  }
}
