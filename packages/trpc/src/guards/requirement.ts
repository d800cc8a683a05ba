/** A claim that is compared as it is. */
export type ClaimValue = string | number | boolean | null

/** What a guard asks for, as data: written beside the procedure so that an audit can read it. */
export type Requirement =
  | { readonly guard: 'session' }
  | { readonly guard: 'role'; readonly anyOf: readonly string[] }
  /** Without a value an app's own predicate decides. */
  | { readonly guard: 'claim'; readonly key: string; readonly value?: ClaimValue }
  | { readonly guard: 'condition'; readonly name: string }
  /** A caller with a credential that has the scope, or with a session. */
  | { readonly guard: 'scope'; readonly scope: string }
  /** What the session must have been begun with. */
  | { readonly guard: 'factor'; readonly factor: string }
  /** `maxAge` in milliseconds. */
  | { readonly guard: 'fresh'; readonly maxAge: number }

/** One line that tells requirements apart, for logs and for people. */
export function describeRequirement(requirement: Requirement): string {
  if (requirement.guard === 'role') return `role ${requirement.anyOf.join(' | ')}`
  if (requirement.guard === 'claim') return `claim ${requirement.key} ${describeValue(requirement.value)}`
  if (requirement.guard === 'condition') return `condition ${requirement.name}`
  if (requirement.guard === 'scope') return `scope ${requirement.scope}`
  if (requirement.guard === 'factor') return `factor ${requirement.factor}`
  if (requirement.guard === 'fresh') return `signed in within ${requirement.maxAge / 1_000} s`
  return requirement.guard
}

function describeValue(value: ClaimValue | undefined): string {
  return value === undefined ? '(checked)' : `= ${JSON.stringify(value)}`
}

const PREFIX = 'latchkey: '

/** The `meta` of a guarded procedure. tRPC merges metas shallowly, so each requirement has a key of its own. */
export function toMeta(requirement: Requirement): Readonly<Record<string, Requirement>> {
  return { [PREFIX + describeRequirement(requirement)]: requirement }
}

/** Shared between copies of this package. */
const TAG = Symbol.for('latchkey.requirement')

/** Marks a middleware with its requirement, for procedures that `.use()` it and so get no `meta`. */
export function tagRequirement<TMiddleware extends object>(
  middleware: TMiddleware,
  requirement: Requirement,
): TMiddleware {
  return Object.assign(middleware, { [TAG]: requirement })
}

/** What tRPC keeps of a procedure that is of interest here. */
export interface ProcedureDef {
  readonly type: string
  readonly meta?: unknown
  readonly middlewares?: readonly object[]
}

/** Everything that a procedure's guards ask for, each once. */
export function readRequirements({ meta, middlewares = [] }: ProcedureDef): readonly Requirement[] {
  const found = new Map<string, Requirement>()
  const add = (value: unknown) => {
    if (isRequirement(value)) found.set(describeRequirement(value), value)
  }
  for (const [key, value] of Object.entries(meta ?? {})) if (key.startsWith(PREFIX)) add(value)
  for (const middleware of middlewares) add(Reflect.get(middleware, TAG))
  return [...found.values()]
}

function isRequirement(value: unknown): value is Requirement {
  return typeof value === 'object' && value !== null && 'guard' in value
}
