/**
 * How many values somebody meets who goes through this one without remembering where they have been, as validators do. Objects that stand in
 * many places count in each, so that a few references can make this explode. A circle counts once.
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
