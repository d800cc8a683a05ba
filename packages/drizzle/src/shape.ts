/** What is known of a driver's client before it is recognised. */
export type Shape = Readonly<Record<string, unknown>>

/** A client as a bag of members; null if it can have none. */
export function toShape(client: unknown): Shape | null {
  const isObject = (typeof client === 'object' && client !== null) || typeof client === 'function'
  // Only read, member by member.
  return isObject ? (client as Shape) : null
}

/** Whether all of the members are methods. */
export function hasMethods(shape: Shape | null, ...names: readonly string[]): boolean {
  return shape !== null && names.every((name) => typeof shape[name] === 'function')
}
