import type { Marker, SignedIn } from '../contract/marker.ts'
import type { Operation } from '../contract/operation.ts'
import type { ProviderInfo } from '../contract/provider.ts'
import type { RequestEngine } from '../request/engine.ts'
import { signInThroughProvider } from '../request/sign-in.ts'
import { anyFields } from './input.ts'
import { own } from './own.ts'

/** Ways to sign in. */
export interface SignInOperations {
  /** Signs in through one of the configured providers. */
  readonly signIn: Operation<'mutation', Marker<'signIn'>, SignedIn>
  /** How one can sign in. */
  readonly providers: Operation<'query', void, readonly ProviderInfo[]>
}

export function signInOperations({ settings }: RequestEngine): SignInOperations {
  return {
    signIn: own({
      type: 'mutation',
      access: 'public',
      input: anyFields,
      signsIn: true,
      http: { method: 'POST', path: 'signin', parameter: 'provider' },
      run: ({ signingIn }, input) => signInThroughProvider(signingIn, input),
    }),
    providers: own({
      type: 'query',
      access: 'public',
      run: () => [...settings.providers.values()].map(({ id, name, type }) => ({ id, name, type })),
    }),
  }
}
