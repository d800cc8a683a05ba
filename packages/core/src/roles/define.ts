/** Declared role names: a list, and a filter for names that come from elsewhere. */
export type Roles<TRole extends string> = readonly TRole[] & {
  /** The declared names among these, in order, each once. What isn't declared is left out. */
  readonly only: (names: readonly unknown[]) => readonly TRole[]
}

/**
 * Declares the role names once.
 *
 * @example
 * const roles = defineRoles('member', 'admin')
 * roles.only(row.roles) // readonly ('member' | 'admin')[]
 */
export function defineRoles<const TRole extends string>(...names: readonly TRole[]): Roles<TRole> {
  const declared: ReadonlySet<unknown> = new Set(names)
  const isDeclared = (name: unknown): name is TRole => declared.has(name)
  return Object.freeze(
    Object.assign([...names], { only: (found: readonly unknown[]) => [...new Set(found.filter(isDeclared))] }),
  )
}
