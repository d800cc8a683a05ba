import type { AuthTypes, InputOf, Mounted, Operation, Resolve, RouterBuiltIns } from '@latchkey/core'
import type {
  TRPCBuiltRouter,
  TRPCDefaultErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from '@trpc/server'
import type { AuthRouterContext } from '../context/create.ts'

/** The root that our procedures stand on: no transformer and no formatter, so that the app's apply (trpc-facts 1, 3). */
export interface AuthRoot<in out U extends AuthTypes = AuthTypes> {
  ctx: AuthRouterContext<U>
  meta: object
  errorShape: TRPCDefaultErrorShape
  transformer: false
}

/**
 * A record of operations as tRPC's procedures. A homomorphic mapped type, so that an operation's docs are its procedure's. The three kinds are
 * written out in it: an alias for them would be instantiated once more for each operation.
 */
export type Procedures<TOperations, U extends AuthTypes> = {
  [K in keyof TOperations]: TOperations[K] extends Operation<infer TType, infer TInput, infer TOutput>
    ? TType extends 'query'
      ? TRPCQueryProcedure<{ input: InputOf<TInput, TOutput, U>; output: Resolve<TOutput, U>; meta: object }>
      : TType extends 'mutation'
        ? TRPCMutationProcedure<{ input: InputOf<TInput, TOutput, U>; output: Resolve<TOutput, U>; meta: object }>
        : TRPCSubscriptionProcedure<{
            input: InputOf<TInput, TOutput, U>
            output: AsyncIterable<Resolve<TOutput, U>, void, unknown>
            meta: object
          }>
    : Procedures<TOperations[K], U>
}

/**
 * The procedures that this library adds, under whatever key an app mounts them. (A type alias, not an interface: tRPC's records need
 * an implicit index signature.)
 */
export type AuthProcedures<U extends AuthTypes = AuthTypes> = Procedures<RouterBuiltIns<U> & Mounted<U['plugins']>, U>

/** The router to mount: `t.router({ auth: authRouter })`. */
export type AuthRouter<U extends AuthTypes = AuthTypes> = TRPCBuiltRouter<AuthRoot<U>, AuthProcedures<U>>
