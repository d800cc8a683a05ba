import { authLink, finishSignIn, signInWith } from '@latchkey/client'
import { registerPasskey, signInWithPasskey } from '@latchkey/passkey/client'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import superjson from 'superjson'
import type { AppRouter } from './router.ts'

/** A browser's client, with what its buttons call. */
export function createBrowserClient(url: string) {
  const link = authLink<AppRouter>({
    url,
    transformer: superjson,
    onStepUp: ({ factor, maxAge }) => factor === 'mfa' || maxAge !== undefined,
  })
  const client = createTRPCClient<AppRouter>({ links: [link, httpBatchLink({ url, transformer: superjson })] })
  return {
    client,
    google: () => signInWith(client.auth, 'google', { redirectTo: '/' }),
    finish: () => finishSignIn(client.auth),
    passkey: () => signInWithPasskey(client.auth),
    addPasskey: () => registerPasskey(client.auth),
  }
}
