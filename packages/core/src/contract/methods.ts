import type { AuthTypes } from './auth-types.ts'
import type { InputOf, Resolve } from './meanings.ts'
import type { Operation } from './operation.ts'

/** A record of operations as methods: `ctx.auth.signIn(input)`. A homomorphic mapped type, so that an operation's docs are its method's. */
export type Methods<TOperations, U extends AuthTypes> = {
  readonly [K in keyof TOperations]: TOperations[K] extends Operation<infer TType, infer TInput, infer TOutput>
    ? (
        ...input: ArgumentsOf<InputOf<TInput, TOutput, U>>
      ) => TType extends 'subscription' ? AsyncIterable<Resolve<TOutput, U>> : Promise<Resolve<TOutput, U>>
    : Methods<TOperations[K], U>
}

type ArgumentsOf<TInput> = [TInput] extends [void] ? [] : undefined extends TInput ? [input?: TInput] : [input: TInput]
