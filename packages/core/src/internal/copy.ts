/** A copy of plain data, so that writing into it changes nothing else. What is neither plain nor a date stays the same object. */
export function copyPlain<T>(value: T): T {
  return copy(value) as T // member by member the same
}

function copy(value: unknown): unknown {
  if (value instanceof Date) return new Date(value)
  if (Array.isArray(value)) return value.map(copy)
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copy(member)]))
}

/** Not a class's instance: a database's decimal, say, would lose its methods. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
