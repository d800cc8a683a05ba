import type { AccountInfo, AuthErrorKind, Challenge, TokenResponse, WayInfo } from '@latchkey/core'
import { signInWith } from '@latchkey/client'
import type { EmailSent, LinkInfo } from '@latchkey/email'
import type { OAuthRedirect, ProviderAccess } from '@latchkey/oauth'
import type { PasskeyInfo } from '@latchkey/passkey'
import type { PasswordRules, Sent } from '@latchkey/password'
import { type BackupCodes, totp } from '@latchkey/totp'
import type { TRPCClientError } from '@trpc/client'
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { auth, requireFactor } from './auth.ts'
import { createBrowserClient } from './client.ts'
import type { AppRouter } from './router.ts'

// Nothing here runs. Each statement has a yes and, by `@ts-expect-error`, a no.

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const yes = <T extends true>(): void => void (0 as unknown as T)

type Inputs = inferRouterInputs<AppRouter>['auth']
type Outputs = inferRouterOutputs<AppRouter>['auth']
type SignedIn = Outputs['signIn']
type Session = typeof auth.$Infer.Session

const browser = createBrowserClient('http://localhost')
const { client } = browser

export async function signIns(): Promise<void> {
  // Every provider by its id, and each takes its own.
  type Redirecting = 'google' | 'github' | 'acme' | 'strava'
  yes<Equal<Inputs['signIn']['provider'], 'password' | 'email-code' | 'magic-link' | 'passkey' | Redirecting>>()
  const { signIn } = client.auth
  await signIn.mutate({ provider: 'password', email: 'a@b.c', password: 'p' })
  await signIn.mutate({ provider: 'password', email: 'a@b.c', password: 'p', flow: 'token' })
  // @ts-expect-error no password
  await signIn.mutate({ provider: 'password', email: 'a@b.c' })
  await signIn.mutate({ provider: 'email-code', email: 'a@b.c' })
  await signIn.mutate({ provider: 'email-code', email: 'a@b.c', code: '123456', request: 'r' })
  // @ts-expect-error a code is text: it may begin with a 0
  await signIn.mutate({ provider: 'email-code', email: 'a@b.c', code: 123_456 })
  await signIn.mutate({ provider: 'magic-link', email: 'a@b.c', redirectTo: '/' })
  // @ts-expect-error no address
  await signIn.mutate({ provider: 'magic-link' })
  await signIn.mutate({ provider: 'google', redirectTo: '/' })
  await signIn.mutate({ provider: 'acme', codeChallenge: 'c' })
  // @ts-expect-error a provider that isn't configured
  await signIn.mutate({ provider: 'gitlab' })
  // @ts-expect-error what the browser made of the options is missing
  await signIn.mutate({ provider: 'passkey' })

  // What comes back is told apart by its status.
  const result = await signIn.mutate({ provider: 'password', email: 'a@b.c', password: 'p' })
  if (result.status === 'signedIn') yes<Equal<typeof result.session, Session | null>>()
  if (result.status === 'challenge') yes<Equal<typeof result, Challenge<'totp'>>>()
  if (result.status === 'sent') yes<Equal<typeof result, EmailSent>>()
  if (result.status === 'redirect') yes<Equal<typeof result.url, string>>()
  if (result.status === 'tokens') yes<Equal<typeof result.session, TokenResponse<Session>['session']>>()
  // @ts-expect-error no plug-in answers so
  if (result.status === 'posted') return

  // So it is in a browser's buttons.
  yes<Equal<Awaited<ReturnType<typeof browser.google>>, SignedIn>>()
  yes<Equal<Awaited<ReturnType<typeof browser.finish>>, SignedIn | null>>()
  yes<Equal<Awaited<ReturnType<typeof browser.passkey>>, SignedIn>>()
  yes<Equal<Awaited<ReturnType<typeof browser.addPasskey>>, PasskeyInfo>>()
  // @ts-expect-error nobody is sent anywhere by a password
  await signInWith(client.auth, 'password')
}

export async function operations(): Promise<void> {
  yes<Equal<Outputs['password']['signUp'], SignedIn | Sent>>()
  yes<Equal<Outputs['password']['reset'], SignedIn>>()
  yes<Equal<Outputs['password']['rules'], PasswordRules>>()
  await client.auth.password.signUp.mutate({ email: 'a@b.c', password: 'p', name: 'Ada' })
  await client.auth.password.change.mutate({ current: 'p', next: 'q', flow: 'token' })
  // @ts-expect-error it takes the password as it is, too
  await client.auth.password.change.mutate({ next: 'q' })
  // @ts-expect-error for the server alone
  client.auth.password.importPasswordHash

  yes<Equal<Outputs['magicLink']['look'], LinkInfo>>()
  yes<Equal<Outputs['magicLink']['confirm'], SignedIn>>()
  yes<Equal<Outputs['account']['changeEmail'], EmailSent>>()
  await client.auth.account.confirmEmail.mutate({ code: '123456' })
  await client.auth.account.delete.mutate()
  // @ts-expect-error codes by mail have no operations of their own
  client.auth.emailCode

  yes<Equal<Outputs['oauth']['link'], OAuthRedirect>>()
  yes<Equal<Outputs['oauth']['exchange'], SignedIn>>()
  await client.auth.oauth.link.mutate({ provider: 'strava' })
  // @ts-expect-error no page of another service
  await client.auth.oauth.link.mutate({ provider: 'password' })

  yes<Equal<Outputs['passkey']['list'], readonly PasskeyInfo[]>>()
  await client.auth.passkey.rename.mutate({ id: 'a', name: 'Key' })
  // @ts-expect-error no name
  await client.auth.passkey.rename.mutate({ id: 'a' })

  yes<Equal<Outputs['totp']['verify'], SignedIn>>()
  yes<Equal<Outputs['totp']['confirm'], BackupCodes>>()
  await client.auth.totp.verify.mutate({ challenge: 'a', code: '123456', remember: true })
  // @ts-expect-error no challenge
  await client.auth.totp.verify.mutate({ code: '123456' })

  yes<Equal<Outputs['accounts']['list'], readonly AccountInfo[]>>()
  yes<Equal<Outputs['accounts']['ways'], readonly WayInfo[]>>()
  await client.auth.accounts.unlink.mutate({ id: 'a' })
  // @ts-expect-error which one
  await client.auth.accounts.unlink.mutate()
}

// An error's kind is one of the library's or of a plug-in's, and says what a step-up needs.
type Data = NonNullable<TRPCClientError<AppRouter>['data']>
type OfPassword = 'EmailTaken' | 'PasswordExists' | 'PasswordRequired' | 'PasswordBreached' | 'PasswordTooCommon' | 'PasswordTooShort' // prettier-ignore
type OfEmail =
  'EmailCodeExpired' | 'MagicLinkElsewhere' | 'MagicLinkExpired' | 'EmailChangeExpired' | 'EmailChangeTaken'
type OfOAuth = 'OAuthCallbackError' | 'OAuthUnavailable' | 'ProviderTokenExpired' | 'ProviderTokenMissing'
type OfPasskey = 'PasskeyChallengeExpired' | 'PasskeyRefused' | 'PasskeyTaken' | 'TooManyPasskeys'
type Own = OfPassword | OfEmail | OfOAuth | OfPasskey | 'TotpNotEnrolled'
yes<Equal<Data['kind'], AuthErrorKind | Own | null>>()
yes<Equal<Data['factor'], string | undefined>>()
yes<Equal<Data['maxAge'], number | undefined>>()

export async function server(): Promise<void> {
  const access = await auth.accounts.accessToken({ userId: 'ada', provider: 'github' })
  yes<Equal<typeof access, ProviderAccess>>()
  // @ts-expect-error a provider that isn't configured
  await auth.accounts.accessToken({ userId: 'ada', provider: 'gitlab' })
  yes<Equal<Awaited<ReturnType<typeof auth.accounts.importPasswordHash>>, boolean>>()
  // @ts-expect-error for whom
  await auth.accounts.importPasswordHash({ hash: '$2b$10$' })
}
yes<Equal<inferRouterOutputs<AppRouter>['how'], readonly string[]>>()
yes<Equal<inferRouterOutputs<AppRouter>['rules'], PasswordRules>>()
requireFactor('mfa')
// @ts-expect-error which one
requireFactor()
// @ts-expect-error not an option of it
export const misspelt = totp({ isuer: 'The app' })
