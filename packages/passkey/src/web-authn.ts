// The JSON forms of WebAuthn Level 3 (sections 5.1.8 and 5.1.9), as far as they are sent and read here. Binary members are base64url.

/** How strongly the authenticator is asked to verify the person: by a fingerprint, a face or a PIN. */
export type UserVerification = 'required' | 'preferred' | 'discouraged'

/** How a browser reaches an authenticator. */
export type Transport = 'ble' | 'cable' | 'hybrid' | 'internal' | 'nfc' | 'smart-card' | 'usb'

/** Names a passkey. */
export interface CredentialDescriptor {
  readonly id: string
  readonly type: 'public-key'
  readonly transports?: readonly Transport[]
}

/** What `startRegistration()` of @simplewebauthn/browser takes, or `PublicKeyCredential.parseCreationOptionsFromJSON()`. */
export interface RegistrationOptions {
  readonly challenge: string
  readonly rp: { readonly id: string; readonly name: string }
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string }
  readonly pubKeyCredParams: readonly { readonly alg: number; readonly type: 'public-key' }[]
  /** Milliseconds. */
  readonly timeout: number
  readonly attestation: 'none'
  readonly excludeCredentials: readonly CredentialDescriptor[]
  readonly authenticatorSelection: {
    readonly residentKey: 'preferred'
    readonly requireResidentKey: false
    readonly userVerification: UserVerification
  }
  readonly extensions: { readonly credProps: true }
}

/** What comes of it: a new credential. Whatever else a browser adds is left out. */
export interface RegistrationResponse {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly response: {
    readonly clientDataJSON: string
    readonly attestationObject: string
    readonly transports?: readonly string[] | undefined
  }
}

/** What `startAuthentication()` of @simplewebauthn/browser takes, or `PublicKeyCredential.parseRequestOptionsFromJSON()`. */
export interface SignInOptions {
  readonly challenge: string
  readonly rpId: string
  /** Milliseconds. */
  readonly timeout: number
  readonly userVerification: UserVerification
  /** Absent: the person chooses among the passkeys that the device has. */
  readonly allowCredentials?: readonly CredentialDescriptor[]
  /** Only for clients that keep tokens: `signIn` takes it back. Browsers ignore it. */
  readonly handle?: string
}

/** What comes of it: proof that the person has the passkey. Whatever else a browser adds is left out. */
export interface SignInResponse {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly response: {
    readonly clientDataJSON: string
    readonly authenticatorData: string
    readonly signature: string
    readonly userHandle?: string | undefined
  }
}
