/** What Prisma hands on of the error of a driver. */
interface DriverFacts {
  readonly code: string
  readonly message: string
}

/**
 * The error as the driver of the database would have thrown it: with the code and the number by which Kysely's adapter knows a key that is
 * taken, a deadlock and a deadline that has passed. Prisma's own error is its cause. An error that isn't of a driver stays as it is.
 */
export function toDriverError(error: unknown): unknown {
  const facts = error instanceof Error ? readFacts(error) : null
  if (!facts) return error
  const errno = /^\d+$/.test(facts.code) ? Number(facts.code) : undefined
  const code = (errno !== undefined && MYSQL_NAMES.get(errno)) || facts.code
  return Object.assign(new Error(facts.message, { cause: error }), errno === undefined ? { code } : { code, errno })
}

/** The numbers of MySQL that are known by their names: those that `mysql2` gives. */
const MYSQL_NAMES: ReadonlyMap<number, string> = new Map([
  [1020, 'ER_CHECKREAD'],
  [1060, 'ER_DUP_FIELDNAME'],
  [1061, 'ER_DUP_KEYNAME'],
  [1062, 'ER_DUP_ENTRY'],
  [1213, 'ER_LOCK_DEADLOCK'],
])

function readFacts(error: Error): DriverFacts | null {
  const meta = read(error, 'meta')
  // With a driver adapter, and with an engine of Prisma's own before version 7.
  return (
    readAdapterFacts(read(read(meta, 'driverAdapterError'), 'cause')) ??
    toFacts(read(meta, 'code'), read(meta, 'message'))
  )
}

function readAdapterFacts(cause: unknown): DriverFacts | null {
  const code = read(cause, 'originalCode') ?? read(cause, 'code') ?? read(cause, 'extendedCode')
  return toFacts(code, read(cause, 'originalMessage') ?? read(cause, 'message'))
}

function toFacts(code: unknown, message: unknown): DriverFacts | null {
  const isCode = typeof code === 'string' || typeof code === 'number'
  return isCode && typeof message === 'string' ? { code: String(code), message } : null
}

function read(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
