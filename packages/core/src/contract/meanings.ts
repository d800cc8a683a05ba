import type { AuthTypes, MoreAnswers } from './auth-types.ts'
import type { RefreshInput, SignInResult, SignOutInput, UpdateInput, UpdateResult } from './results.ts'
import type { Marker, MarkerKey, SignedIn } from './marker.ts'
import type { TokenFlowInput } from './provider.ts'
import type { TokenResponse } from './token-response.ts'

/** What each marker stands for: the only place where the types of an operation meet those of a configuration. */
export interface Meanings<U extends AuthTypes> extends Record<MarkerKey, unknown> {
  shaped: ShapedSession<U> | null
  signIn: U['signIn']
  signOut: SignOutOf<U> | undefined
  signedIn: SignInResult<ShapedSession<U>, MoreAnswers<U>>
  tokens: TokenResponse<ShapedSession<U>>
  refresh: RefreshInput<U>
  update: UpdateInput<U>
  updated: UpdateResult<U>
}

/** A type with what its markers stand for. They are looked for among the members of a union, and not within an object. */
export type Resolve<T, U extends AuthTypes> = T extends Marker<infer TKey> ? Meanings<U>[TKey] : T

/** What an operation takes. One that signs somebody in takes the flow too, if there are bearer tokens. */
export type InputOf<TInput, TOutput, U extends AuthTypes> = [TInput] extends [Marker<MarkerKey>]
  ? Resolve<TInput, U>
  : [U['tokens']] extends [false]
    ? TInput
    : [Extract<TOutput, SignedIn>] extends [never]
      ? TInput
      : TInput & TokenFlowInput

/**
 * The session as the session callback shapes it. If a package manager keeps packages apart, a declaration may name `@latchkey/core`
 * in a package that lacks it: TypeScript then takes every type of it for `any`, silently under `skipLibCheck`. A session
 * that would be `any` says what to do by its type instead.
 */
export type ShapedSession<U extends AuthTypes> = [1] extends [0 & U['shaped']] ? Untyped : U['shaped'] // 0 and 1 at once is only `any`
type Untyped =
  'add @latchkey/core to the dependencies of the package that emits this declaration, or give the session callback a return type'

/** Operations that a configuration can't do are left out. */
type SignOutOf<U extends AuthTypes> = [U['tokens']] extends [false]
  ? [U['sessions']] extends [false]
    ? Readonly<Record<string, never>>
    : Pick<SignOutInput, 'everywhere'>
  : [U['sessions']] extends [false]
    ? Omit<SignOutInput, 'everywhere'>
    : SignOutInput
