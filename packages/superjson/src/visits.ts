/**
 * How many values a validator visits that walks through this one and remembers nothing. Objects that stand in
 * many places count in each, so a few references can make this number very large. A cycle counts once.
 */
export function countVisits(root: unknown): number {
  const counts = new Map<object, number>()
  return visit(root)

  function visit(value: unknown): number {
    if (typeof value !== 'object' || value === null) return 1
    const known = counts.get(value)
    if (known !== undefined) return known
    counts.set(value, 1)
    const count = childrenOf(value).reduce((sum: number, child) => sum + visit(child), 1)
    counts.set(value, count)
    return count
  }
}

function childrenOf(value: object): readonly unknown[] {
  if (value instanceof Map) return [...value.keys(), ...value.values()]
  if (value instanceof Set) return [...value]
  return ArrayBuffer.isView(value) ? [] : Object.values(value)
}
