import type { AnyTRPCRouter } from '@trpc/server'
import {
  type ClaimValue,
  describeRequirement,
  type ProcedureDef,
  readRequirements,
  type Requirement,
} from './guards/requirement.ts'

/** What one procedure asks of its callers, as far as this library's guards say. */
export interface AuditEntry {
  /** As in a URL: `post.create`. A router that isn't loaded yet is one entry, `post.*`. */
  readonly path: string
  /** `'query'`, `'mutation'`, `'subscription'`, or `'unknown'`. */
  readonly type: string
  /** `'public'`: no guard of this library stands before it. `'unknown'`: a lazy router that isn't loaded yet. */
  readonly access: 'public' | 'authenticated' | 'unknown'
  /** Per guard, the roles of which one is needed; all guards count. */
  readonly roles?: readonly (readonly string[])[]
  /** Without a value, a predicate decides. */
  readonly claims?: readonly { readonly key: string; readonly value?: ClaimValue }[]
  /** The names of the conditions. */
  readonly conditions?: readonly string[]
  /** Scopes that a plug-in's credential needs; without any it isn't admitted at all. */
  readonly scopes?: readonly string[]
  /** What the session must have been begun with: `'mfa'`. */
  readonly factors?: readonly string[]
  /** How many seconds ago the sign-in may be. */
  readonly fresh?: number
}

/**
 * Which procedure of a router needs what, in the order of their paths: print it, or keep the public ones as a snapshot so that
 * one that lost its guard is seen.
 *
 * @example expect(auditRouter(appRouter).filter(({ access }) => access !== 'authenticated').map(({ path }) => path)).toEqual([…])
 */
export function auditRouter(router: AnyTRPCRouter): readonly AuditEntry[] {
  // A flat table of paths at run time, whatever the record's type says.
  const procedures: Readonly<Record<string, { readonly _def: ProcedureDef }>> = router._def.procedures
  const known = Object.entries(procedures).map(([path, { _def }]) => toEntry(path, _def))
  const lazy = Object.keys(router._def.lazy).map((path): AuditEntry => ({
    path: `${path}.*`,
    type: 'unknown',
    access: 'unknown',
  }))
  return [...known, ...lazy].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The audit as text, one procedure a line. */
export function formatAudit(entries: readonly AuditEntry[]): string {
  const width = Math.max(0, ...entries.map(({ path }) => path.length))
  return entries
    .map((entry) => `${entry.path.padEnd(width)}  ${entry.type.padEnd(12)}  ${describeAccess(entry)}`)
    .join('\n')
}

function toEntry(path: string, def: ProcedureDef): AuditEntry {
  const requirements = readRequirements(def)
  const of = <TGuard extends Requirement['guard']>(guard: TGuard) =>
    requirements.filter(
      (requirement): requirement is Extract<Requirement, { guard: TGuard }> => requirement.guard === guard,
    )
  const [roles, claims, conditions] = [of('role'), of('claim'), of('condition')]
  const [scopes, factors, fresh] = [of('scope'), of('factor'), of('fresh')]
  return {
    path,
    type: def.type,
    access: requirements.length > 0 ? 'authenticated' : 'public',
    ...(roles.length > 0 && { roles: roles.map(({ anyOf }) => anyOf) }),
    ...(claims.length > 0 && {
      claims: claims.map(({ key, value }) => ({ key, ...(value !== undefined && { value }) })),
    }),
    ...(conditions.length > 0 && { conditions: conditions.map(({ name }) => name) }),
    ...(scopes.length > 0 && { scopes: scopes.map(({ scope }) => scope) }),
    ...(factors.length > 0 && { factors: factors.map(({ factor }) => factor) }),
    ...(fresh.length > 0 && { fresh: Math.min(...fresh.map(({ maxAge }) => maxAge)) / 1_000 }),
  }
}

function describeAccess({
  access,
  roles = [],
  claims = [],
  conditions = [],
  scopes = [],
  factors = [],
  fresh,
}: AuditEntry): string {
  const requirements: readonly Requirement[] = [
    ...roles.map((anyOf) => ({ guard: 'role' as const, anyOf })),
    ...claims.map((claim) => ({ guard: 'claim' as const, ...claim })),
    ...conditions.map((name) => ({ guard: 'condition' as const, name })),
    ...scopes.map((scope) => ({ guard: 'scope' as const, scope })),
    ...factors.map((factor) => ({ guard: 'factor' as const, factor })),
    ...(fresh === undefined ? [] : [{ guard: 'fresh' as const, maxAge: fresh * 1_000 }]),
  ]
  return [access, ...requirements.map(describeRequirement)].join(', ')
}
