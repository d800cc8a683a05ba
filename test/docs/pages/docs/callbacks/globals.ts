declare global {
  /** The options that the page doesn't speak of. */
  const rest: { readonly secret: string }
  function rolesFor(userId: string): Promise<string[]>
  function findMembership(userId: string, orgId: string): Promise<{ id: string; name: string } | null>
}
