import type { PluginLike } from './auth-types.ts'
import type { AnyProvider, TokenFlowInput } from './provider.ts'
import type { Challenge } from './verified.ts'

/** What a plug-in tells the app's types. Each is optional. */
export interface PluginTypes {
  /** Its operations, by name. */
  operations: object
  /** What `signIn` takes for its providers, as a union. */
  signIn: unknown
  /** What a sign-in may return besides a session, tokens or a redirect, as a union. */
  answers: unknown
  /** Its kinds of error, as a union. */
  errors: string
  claims: object
  /** Its functions for the server alone, at `auth.accounts`. */
  accounts: object
}

/** The operations that a plug-in's parts have. */
export type OperationsIn<TParts> = TParts extends { readonly operations: infer TOperations extends object }
  ? TOperations
  : {}

/** The functions for the server alone that a plug-in's parts have. */
export type AccountsIn<TParts> = TParts extends { readonly accounts: infer TAccounts extends object } ? TAccounts : {}

/** The providers of these parts. */
export type ProvidersIn<TParts> = TParts extends { readonly providers: infer TProviders extends readonly AnyProvider[] }
  ? TProviders
  : readonly []

/** What a sign-in may return because of these parts' factors. */
export type ChallengeIn<TParts> = TParts extends { readonly factors: infer TFactors }
  ? Challenge<keyof TFactors & string>
  : never

type TypesIn<TPlugin> = TPlugin extends { readonly $Types?: infer TTypes } ? NonNullable<TTypes> : never

type MemberOf<TPlugins extends readonly PluginLike[], TKey extends keyof PluginTypes> = {
  [K in keyof TPlugins]: TypesIn<TPlugins[K]> extends { [P in TKey]: infer TMember } ? TMember : never
}[number]

/** What the plug-ins' providers add to what `signIn` takes. */
export type SignInOf<TPlugins extends readonly PluginLike[], TTokens extends boolean = false> = TTokens extends false
  ? MemberOf<TPlugins, 'signIn'>
  : MemberOf<TPlugins, 'signIn'> & TokenFlowInput

/** What the plug-ins add to what a sign-in returns. */
export type AnswersOf<TPlugins extends readonly PluginLike[]> = MemberOf<TPlugins, 'answers'>

/** The plug-ins' kinds of error. */
export type KindsOf<TPlugins extends readonly PluginLike[]> = Extract<MemberOf<TPlugins, 'errors'>, string>

type ToIntersection<T> = (T extends unknown ? (part: T) => void : never) extends (parts: infer TParts) => void
  ? TParts
  : never

/** The claims that the plug-ins declare. */
export type ClaimsOf<TPlugins extends readonly PluginLike[]> = [MemberOf<TPlugins, 'claims'>] extends [never]
  ? {}
  : ToIntersection<MemberOf<TPlugins, 'claims'>>

/** The plug-ins' functions for the server alone. */
export type AccountsOf<TPlugins extends readonly PluginLike[]> = [MemberOf<TPlugins, 'accounts'>] extends [never]
  ? {}
  : ToIntersection<MemberOf<TPlugins, 'accounts'>>

/** The plug-ins' operations, each plug-in's under its id. */
export type Mounted<TPlugins extends readonly PluginLike[]> = {
  [
    TPlugin in TPlugins[number] as TPlugin extends { readonly $Types?: { operations: object } } ? TPlugin['id'] : never
  ]: TPlugin extends { readonly $Types?: { operations: infer TOperations } } ? TOperations : never
}
