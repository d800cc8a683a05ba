import type { AuthFeatures, AuthTypes, MountedOperation } from '@latchkey/core'
import type { TRPCRouterBuilder, TRPCRouterRecord } from '@trpc/server'
import type { BaseProcedure } from '../guards/guard.ts'
import { toProcedure } from './procedure.ts'
import type { AuthRoot, AuthRouter } from './types.ts'

/** What the procedures are built with. */
export interface RouterParts {
  readonly router: TRPCRouterBuilder<AuthRoot>
  readonly base: BaseProcedure
  readonly operations: readonly MountedOperation[]
  readonly features: AuthFeatures
}

/** Makes a procedure of every operation that a configuration has. */
export function createRouter<U extends AuthTypes>({ router, base, operations, features }: RouterParts): AuthRouter<U> {
  const record: Mutable = {}
  for (const mounted of operations) {
    const path = mounted.router
    if (!path) continue
    const group = path.slice(0, -1).reduce(openGroup, record)
    group[path.at(-1) ?? ''] = toProcedure(base, mounted, features)
  }
  // What exists is decided by the list of operations and in the type by U (trpc-facts 24): the one mirrors the other.
  return router(record) as unknown as AuthRouter<U>
}

type Mutable = { -readonly [K in keyof TRPCRouterRecord]: TRPCRouterRecord[K] }

/** Paths begin with a plug-in's id, which no operation has for its name. */
function openGroup(record: Mutable, name: string): Mutable {
  return (record[name] ??= {}) as Mutable
}
