/** The roles of a token or a row: the `roles` list and the single `role`, in order, each once. What isn't a name is dropped. */
export function readRoles(from: Readonly<Record<string, unknown>>): readonly string[] {
  const { roles, role } = from
  const listed: readonly unknown[] = typeof roles === 'string' ? [roles] : Array.isArray(roles) ? roles : []
  const names = new Set<string>()
  for (const name of listed) if (isName(name)) names.add(name)
  if (isName(role)) names.add(role)
  return [...names]
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}
