export { passkey } from './plugin.ts'
export type { PasskeyOptions } from './options.ts'
export type { PasskeyErrorKind } from './shared.ts'
export type { Passkey, PasskeyInfo, PasskeyOperations, PasskeySignIn } from './types.ts'
export type {
  CredentialDescriptor,
  RegistrationOptions,
  RegistrationResponse,
  SignInOptions,
  SignInResponse,
  Transport,
  UserVerification,
} from './web-authn.ts'
