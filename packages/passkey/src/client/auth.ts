import type { RegistrationOptions, RegistrationResponse, SignInOptions, SignInResponse } from '../web-authn.ts'

/** The part of an app's tRPC client that {@link registerPasskey} calls: `client.auth`, or under whatever key `authRouter` is mounted. */
export interface RegistrationClient<TInfo> {
  readonly passkey: {
    readonly registerOptions: { readonly mutate: () => Promise<RegistrationOptions> }
    readonly register: {
      readonly mutate: (input: { readonly response: RegistrationResponse; readonly name?: string }) => Promise<TInfo>
    }
  }
}

/** The part of an app's tRPC client that {@link signInWithPasskey} calls: `client.auth`, or under whatever key `authRouter` is mounted. */
export interface SignInClient<TResult> {
  readonly passkey: {
    readonly signInOptions: { readonly mutate: (input: { readonly email?: string }) => Promise<SignInOptions> }
  }
  readonly signIn: {
    readonly mutate: (input: {
      readonly provider: 'passkey'
      readonly response: SignInResponse
      readonly handle?: string
    }) => Promise<TResult>
  }
}
