/**
 * A Date that requests may share: its setters throw, and it is frozen. Its `constructor` is Date, so that what copies it makes a plain one.
 * Node's `deepStrictEqual` tells the two apart.
 */
class FixedDate extends Date {}

function refuse(): never {
  throw new TypeError('this date is read-only, because requests share it: change a copy, new Date(date)')
}

Object.defineProperty(FixedDate.prototype, 'constructor', { value: Date })
for (const name of Object.getOwnPropertyNames(Date.prototype))
  if (name.startsWith('set')) Object.defineProperty(FixedDate.prototype, name, { value: refuse })

/** @param time milliseconds since the epoch */
export function fixedDate(time: number): Date {
  return Object.freeze(new FixedDate(time))
}
