import type { AnyKysely } from '@latchkey/kysely'
import { Kysely } from 'kysely'
import { type PrismaClientLike, type PrismaProvider, readProvider } from './client.ts'
import { prismaDialect } from './dialect.ts'

/** What {@link kyselyOf} takes. */
export interface PrismaOptions {
  /**
   * The database, as `datasource` in schema.prisma calls it.
   *
   * @default what the client was generated for
   */
  readonly provider?: PrismaProvider
}

/**
 * Kysely on the connections that a Prisma client holds: for whatever takes a Kysely, such as `migrateToLatest(kyselyOf(prisma))` and
 * `pollingBus(kyselyOf(prisma))`. The same client gets the same Kysely. Closing it closes nothing: the connections are Prisma's.
 *
 * `transaction()` is an interactive transaction of Prisma. Statements that set up a connection (`begin`, `set`, `get_lock`) are refused
 * outside of one, because the next statement may run on another connection.
 *
 * @throws TypeError if the client is for a database that isn't supported
 * @example await migrateToLatest(kyselyOf(prisma), { plugins })
 */
export function kyselyOf(prisma: PrismaClientLike, options: PrismaOptions = {}): AnyKysely {
  const known = opened.get(prisma)
  if (known) return known
  const db: AnyKysely = new Kysely({ dialect: prismaDialect(prisma, readProvider(prisma, options.provider)) })
  opened.set(prisma, db)
  return db
}

const opened = new WeakMap<PrismaClientLike, AnyKysely>()
