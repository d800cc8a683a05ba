export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is left of a value after JSON, or undefined if JSON can't carry it. */
export function throughJson(value: unknown): unknown {
  const text = JSON.stringify(value)
  return text === undefined ? undefined : JSON.parse(text)
}

/** Equality of two JSON values; members may stand in any order. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isSameJson(item, b[index]))
  if (!isJsonObject(a) || !isJsonObject(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSameJson(a[key], b[key]))
  )
}

/** An object as JSON.parse makes it: a Date, a Map or a class's instance is none. */
function isJsonObject(value: unknown): value is Record<string, unknown> {
  return isPlainObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value))
}

/** A copy without the members that are undefined: null stays. */
export function omitUndefined<T extends object>(value: T): T {
  // The members that go are exactly those whose type admits undefined.
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T
}
