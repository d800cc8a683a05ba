import type { ApiKeyInfo, CreateApiKey, NewApiKey } from '@latchkey/api-keys'
import { apiKeys } from '@latchkey/api-keys'
import { type AuthErrorKind, type Challenge, createAuth, definePlugin, type SignInResult } from '@latchkey/core'
import type { TRPCClientError } from '@trpc/client'
import { type inferRouterInputs, type inferRouterOutputs, initTRPC } from '@trpc/server'
import { createClient } from './client.ts'
import { auth, authContext, requireClaim, requireScope } from './server/auth.ts'
import type { Totp } from './server/plugins.ts'
import type { AppRouter } from './server/router.ts'

// Nothing here runs. Each statement has a yes and, by `@ts-expect-error`, a no.

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const yes = <T extends true>(): void => void (0 as unknown as T)

type Inputs = inferRouterInputs<AppRouter>['auth']
type Outputs = inferRouterOutputs<AppRouter>['auth']
type Scope = 'posts:read' | 'posts:write'

export async function procedures(): Promise<void> {
  const { client } = createClient('http://localhost')

  // A library's plug-in, with what its options have named.
  yes<Equal<Inputs['apiKey']['create'], CreateApiKey<Scope>>>()
  yes<Equal<Outputs['apiKey']['create'], NewApiKey<Scope>>>()
  yes<Equal<Outputs['apiKey']['list'], readonly ApiKeyInfo<Scope>[]>>()
  await client.auth.apiKey.create.mutate({ name: 'ci', scopes: ['posts:read'], expiresIn: '90d' })
  // @ts-expect-error a scope that there isn't
  await client.auth.apiKey.create.mutate({ name: 'ci', scopes: ['posts:delete'] })
  // @ts-expect-error no name
  await client.auth.apiKey.create.mutate({ scopes: ['posts:read'] })
  // @ts-expect-error a mutation
  await client.auth.apiKey.revoke.query({ id: 'a' })
  // @ts-expect-error no such operation
  await client.auth.apiKey.reveal.query()

  // The app's own plug-in.
  const accepted = await client.auth.invitation.accept.mutate({ code: 'a' })
  yes<Equal<typeof accepted, { team: string; by: string }>>()
  yes<Equal<Outputs['invitation']['open'], number>>()
  yes<Equal<Inputs['invitation']['open'], void>>()
  // @ts-expect-error an input that it doesn't take
  await client.auth.invitation.accept.mutate({ code: 1 })

  // What signs in takes the flow, if there are tokens, and returns what signIn returns.
  yes<Equal<Outputs['totp']['verify'], Outputs['signIn']>>()
  await client.auth.totp.verify.mutate({ challenge: 'a', code: '1', flow: 'token' })
  // @ts-expect-error this one signs nobody in
  await client.auth.invitation.accept.mutate({ code: 'a', flow: 'token' })

  // A sign-in has the answers of the plug-ins.
  type More = Challenge<'totp'> | { readonly status: 'sent'; readonly to: string }
  yes<Equal<Outputs['signIn'], SignInResult<typeof auth.$Infer.Session, More>>>()
  yes<Equal<Inputs['signIn']['provider'], 'credentials' | 'mail'>>()
  await client.auth.signIn.mutate({ provider: 'mail', to: 'a@b.c' })
  // @ts-expect-error another provider's input
  await client.auth.signIn.mutate({ provider: 'mail', email: 'a@b.c', password: 'p' })

  // And errors have their kinds.
  type Kind = NonNullable<TRPCClientError<AppRouter>['data']>['kind']
  type Own = 'ApiKeyExpired' | 'InvalidApiKey' | 'TooManyApiKeys' | 'InvitationUsed' | 'WrongCode'
  yes<Equal<Kind, AuthErrorKind | Own | null>>()
}

// The server's face.
const t = initTRPC.context<ReturnType<typeof authContext>>().create()
export const server = t.procedure.concat(requireScope('posts:read')).query(async ({ ctx }) => {
  yes<Equal<typeof ctx.session.scopes, readonly string[] | null>>()
  yes<Equal<typeof ctx.session.claims.team, string | undefined>>()
  const accepted = await ctx.auth.invitation.accept({ code: 'a' })
  yes<Equal<typeof accepted, { team: string; by: string }>>()
  yes<Equal<Parameters<typeof ctx.auth.invitation.open>, []>>()
  // @ts-expect-error no such operation
  ctx.auth.invitation.reject
  // @ts-expect-error a plug-in that isn't installed
  ctx.auth.passkey
})
requireClaim('team', 'red')

// @ts-expect-error it lacks the operations of its interface
export const hollow = (): Totp => definePlugin({ id: 'totp', setup: () => ({ operations: {} }) })
// @ts-expect-error a plug-in is made with definePlugin
export const shapeless = createAuth({ secret: 'any', plugins: [{ id: 'x' }] })
// @ts-expect-error at least one scope
export const scopeless = apiKeys({ scopes: [] })
