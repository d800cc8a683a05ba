/** A Date whose setters throw, so that requests may share it. To everything else it is a Date: its `constructor` too. */
class FixedDate extends Date {}

function refuse(): never {
  throw new TypeError('this date is read-only, because requests share it: change a copy, new Date(date)')
}

Object.defineProperty(FixedDate.prototype, 'constructor', { value: Date })
for (const name of Object.getOwnPropertyNames(Date.prototype))
  if (name.startsWith('set')) Object.defineProperty(FixedDate.prototype, name, { value: refuse })

/** @param time milliseconds since the epoch */
export function fixedDate(time: number): Date {
  return new FixedDate(time)
}
