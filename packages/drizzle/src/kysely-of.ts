import { Kysely } from 'kysely'
import { type ConnectionOptions, dialectFor } from './dialect-for.ts'

/** What `drizzle(…)` returns, whatever its driver. A transaction has no `$client` and is none. */
export interface DrizzleDatabase {
  /** The client of the database's driver. */
  readonly $client: object
}

/**
 * Kysely on the connections that Drizzle already holds: for whatever takes a Kysely, such as `migrateToLatest`, `pollingBus` and
 * `kyselyTables`. There is one for each client, however often it is asked for: the options of the first time count. The client stays the app's: close it, not this one
 * (`destroy()` would close it too).
 *
 * @throws TypeError if `db` has a driver that is not supported
 * @example await migrateToLatest(kyselyOf(db), { plugins })
 */
export function kyselyOf<TDatabase = object>(db: DrizzleDatabase, options: ConnectionOptions = {}): Kysely<TDatabase> {
  const client: unknown = Reflect.get(Object(db), '$client')
  const known = isKey(client) ? INSTANCES.get(client) : undefined
  const kysely = known ?? new Kysely<unknown>({ dialect: dialectFor(client, options) })
  if (isKey(client)) INSTANCES.set(client, kysely)
  // What tables there are is the caller's to say, as with every Kysely.
  return kysely as Kysely<TDatabase>
}

function isKey(client: unknown): client is object {
  return (typeof client === 'object' && client !== null) || typeof client === 'function'
}

/**
 * Of the process and not of this module: a second copy of it, as bundlers and hot reloads make, must neither listen to the same pool again
 * nor take the one connection of a SQLite for its own.
 */
const INSTANCES = sharedInstances()

function sharedInstances(): WeakMap<object, Kysely<unknown>> {
  const key = Symbol.for('@latchkey/drizzle')
  const known: unknown = Reflect.get(globalThis, key)
  if (known instanceof WeakMap) return known
  const instances = new WeakMap<object, Kysely<unknown>>()
  Reflect.set(globalThis, key, instances)
  return instances
}
