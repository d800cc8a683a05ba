import type { AuthClient, SignInOutput } from './types.ts'
import { takeVerifier } from './verifier.ts'

/**
 * Ends a sign-in of {@link signInWith} after a navigation, if the session is in tokens: call it once in the page at `redirectTo`. It takes the
 * one-time code out of the page's address, and exchanges it for the tokens, which the link keeps.
 *
 * With a session cookie there is nothing to do, and nothing is done.
 *
 * @returns what `signIn` would return; null if the address has no code, or the sign-in didn't begin in this tab
 * @throws TRPCClientError if the code is refused: it works once, and for a minute
 */
export async function finishSignIn<TAuth extends AuthClient>(auth: TAuth): Promise<SignInOutput<TAuth> | null> {
  const url = new URL(location.href)
  const code = url.searchParams.get('code')
  const codeVerifier = code && takeVerifier()
  if (!codeVerifier) return null
  url.searchParams.delete('code')
  history.replaceState(history.state, '', url)
  return (await auth.oauth?.exchange.mutate({ code, codeVerifier } as never)) as SignInOutput<TAuth> // as the plug-in has it
}
