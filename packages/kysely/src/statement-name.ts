import type { CompiledQuery } from 'kysely'

/** Also known to another copy of this package, whose dialect the app's Kysely may have. */
const NAME: unique symbol = Symbol.for('latchkey.statement-name')

/** A query whose text is one of a few, which a database may keep under a name. */
export type NamedQuery = CompiledQuery & { readonly [NAME]: string }

/** The query under a name that only depends on its text. */
export function withName<TRow>(query: CompiledQuery<TRow>): CompiledQuery<TRow> & NamedQuery {
  return { ...query, [NAME]: toStatementName(query.sql) }
}

/** The name that a query has got by {@link withName}. */
export function nameOf(query: Partial<NamedQuery>): string | undefined {
  return query[NAME]
}

/** PostgreSQL reads no more than 63 letters of a name. */
function toStatementName(sql: string): string {
  return `latchkey_${hash(sql, 0x811c9dc5)}${hash(sql, 0x9747b28c)}`
}

/** FNV-1a of 32 bits. It keeps nobody out: `pg` itself refuses a second text under a name. */
function hash(text: string, basis: number): string {
  let value = basis
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return (value >>> 0).toString(16).padStart(8, '0')
}
