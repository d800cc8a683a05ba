/** The models of the tables that every app has, as Prisma's users call them. */
const MODELS: ReadonlyMap<string, string> = new Map([
  ['users', 'User'],
  ['accounts', 'Account'],
  ['sessions', 'Session'],
  ['verification_tokens', 'VerificationToken'],
])

/** The name of a table's model, unless the schema has one: `PasswordHashes` for `password_hashes`. */
export function modelName(table: string): string {
  return MODELS.get(table) ?? capitalise(fieldName(table))
}

/** `createdAt` for `created_at`. */
export function fieldName(column: string): string {
  return column.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

export function capitalise(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
