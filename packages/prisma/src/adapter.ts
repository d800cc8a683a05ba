import type { CompleteAdapter } from '@latchkey/core'
import { kyselyAdapter, type KyselyAdapterOptions } from '@latchkey/kysely'
import type { PrismaClientLike } from './client.ts'
import { kyselyOf, type PrismaOptions } from './kysely-of.ts'

/** How {@link prismaAdapter} uses the database: that of `kyselyAdapter`, and the provider. */
export interface PrismaAdapterOptions extends KyselyAdapterOptions, PrismaOptions {}

/**
 * Keeps users, accounts, sessions, verification tokens and the tables of plug-ins in the database of a Prisma client, over the client's
 * own connections: PostgreSQL, SQLite, MySQL or MariaDB. It is `kyselyAdapter` on `kyselyOf(prisma)`, with the same promises.
 *
 * The tables come from `migrateToLatest(kyselyOf(prisma))` of `@latchkey/kysely/migrate`; `latchkey generate prisma` of `@latchkey/cli`
 * writes their models into schema.prisma.
 *
 * Errors have the code of the database's driver, and Prisma's error as their cause.
 *
 * @throws TypeError if `tables` is wrong or the provider is not supported, AuthError `Configuration` if `writeTimeout` is wrong
 * @example createAuth({ adapter: prismaAdapter(prisma), … })
 */
export function prismaAdapter(prisma: PrismaClientLike, options: PrismaAdapterOptions = {}): CompleteAdapter {
  return kyselyAdapter(kyselyOf(prisma, options), options)
}
