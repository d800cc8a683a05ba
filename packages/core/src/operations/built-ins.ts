import type { AuthTypes } from '../contract/auth-types.ts'
import type { Operations } from '../contract/operation.ts'
import type { RequestEngine } from '../request/engine.ts'
import { type AccountOperations, accountOperations } from './account.ts'
import { type AccountsOperations, accountsOperations } from './accounts.ts'
import { type SessionOperations, sessionOperations } from './session.ts'
import { type SessionsOperations, sessionsOperations } from './sessions.ts'
import { type SignInOperations, signInOperations } from './sign-in.ts'
import { type SignOutOperations, signOutOperations } from './sign-out.ts'
import { type StreamOperations, streamOperations } from './streams.ts'
import { type RefreshOperations, type TokenOperations, tokenOperations } from './tokens.ts'
import { type UpdateOperations, updateOperations } from './update-session.ts'

/** The library's own operations, as the router has them. Operations that a configuration can't do are left out. */
export type RouterBuiltIns<U extends AuthTypes> = SessionOperations &
  SignInOperations &
  SignOutOperations &
  StreamOperations &
  If<U['tokens'], TokenOperations> &
  ([U['update']] extends [never] ? {} : UpdateOperations) &
  If<U['sessions'], SessionsOperations & AccountsOperations & AccountOperations>

/** The same, as `ctx.auth` has them. */
export type ServerBuiltIns<U extends AuthTypes> = Rename<RouterBuiltIns<U>> & If<U['tokens'], RefreshOperations>

type If<TEnabled, T> = [TEnabled] extends [false] ? {} : T

/** The names of operations that are called otherwise on `ctx.auth`, if a method of it has the name already; never: it doesn't have them. */
interface ServerNames {
  session: 'clientSession'
  updateSession: 'update'
  streamTicket: 'ticket'
  token: never
  presentToken: never
  onSessionChange: never
}
type Rename<T> = { readonly [K in keyof T as K extends keyof ServerNames ? ServerNames[K] : K]: T[K] }

/** The library's own operations, those that this configuration doesn't have included. */
export function builtIns(engine: RequestEngine): Operations {
  return {
    ...sessionOperations(),
    ...signInOperations(engine),
    ...signOutOperations(),
    ...streamOperations(),
    ...tokenOperations(engine),
    ...updateOperations(engine),
    ...sessionsOperations(engine),
    ...accountsOperations(engine),
    ...accountOperations(engine),
  }
}
