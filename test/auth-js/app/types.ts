import type { Adapter as AuthJsAdapter } from '@auth/core/adapters'
import { DrizzleAdapter } from '@auth/drizzle-adapter'
import { KyselyAdapter } from '@auth/kysely-adapter'
import PostgresAdapter from '@auth/pg-adapter'
import { PrismaAdapter } from '@auth/prisma-adapter'
import { type Adapter, createAuth } from '@latchkey/core'

// Nothing here runs: the assertion is that it compiles, and that what shouldn't compile doesn't.
const secret = 'only for the compiler, 32 bytes or more'
declare const nothing: never

export const adapters: readonly Adapter[] = [
  KyselyAdapter(nothing),
  DrizzleAdapter(nothing),
  PostgresAdapter(nothing),
  PrismaAdapter(nothing),
]

declare const authJs: AuthJsAdapter
export const auth = createAuth({ secret, adapter: authJs, providers: [] })

export const withKysely = createAuth({ secret, adapter: KyselyAdapter(nothing), session: { strategy: 'database' } })
export const withDrizzle = createAuth({ secret, adapter: DrizzleAdapter(nothing) })
export const withPostgres = createAuth({ secret, adapter: PostgresAdapter(nothing), tokens: { enabled: true } })
export const withPrisma = createAuth({ secret, adapter: PrismaAdapter(nothing) })

// @ts-expect-error a user without an id is none
export const wrong: Adapter = { getUser: async () => ({ name: 'ann' }) }
// @ts-expect-error no such method's result
export const wronger: Adapter = { getSessionAndUser: async () => 'ann' }
