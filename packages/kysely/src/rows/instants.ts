/** @throws RangeError for an invalid date, which some databases would store as null */
export function toMilliseconds(instant: Date): number {
  const ms = instant.getTime()
  if (Number.isNaN(ms)) throw new RangeError('an instant must be a valid date')
  return ms
}

export function toMillisecondsOrNull(instant: Date | null | undefined): number | null {
  return instant ? toMilliseconds(instant) : null
}

/** PostgreSQL's and MySQL's drivers read 64-bit integers as text. */
export function toDate(column: number | string | bigint): Date {
  return new Date(Number(column))
}

export function toDateOrNull(column: number | string | bigint | null): Date | null {
  return column === null ? null : toDate(column)
}
