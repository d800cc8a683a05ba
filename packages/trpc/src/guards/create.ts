import { AuthError, type AuthFeatures, configurationError, readDuration, type Session } from '@latchkey/core'
import { askApp } from './ask-app.ts'
import { type BaseProcedure, type Check, createMiddleware, createProcedure } from './guard.ts'
import type { ClaimValue, Requirement } from './requirement.ts'
import type { AuthGuards, ConditionParams, FreshOptions } from './types.ts'

/** A guard before it takes its form. */
interface Rule {
  readonly requirement: Requirement
  readonly check?: Check
}

/** Makes the guards of one configuration. */
export function createGuards<TSession extends Session>(
  base: BaseProcedure,
  features: AuthFeatures,
): AuthGuards<TSession> {
  const guards = {
    protectedProcedure: createProcedure(base, SIGNED_IN),
    protectedMiddleware: createMiddleware(SIGNED_IN),
    protectedSubscription: createProcedure(base, SIGNED_IN),
    requireRole: inBothForms(base, (...roles: readonly string[]) => roleRule(roles, features)),
    requireClaim: inBothForms(base, (key: string, test: unknown) => claimRule(key, test, features)),
    requireCondition: inBothForms(base, (name: string, check: Condition) => conditionRule(name, check, features)),
    requireScope: inBothForms(base, (scope: string) => scopeRule(scope)),
    requireFactor: inBothForms(base, (factor: string) => factorRule(factor)),
    requireFresh: inBothForms(base, (options?: FreshOptions) => freshRule(options, features)),
  } satisfies { readonly [K in keyof AuthGuards]: unknown }
  // TSession says which names and which context compile; what stands behind them is the same for every configuration.
  return guards as unknown as AuthGuards<TSession>
}

/** The procedure to `concat`, with the middleware to `use` beside it. */
function inBothForms<TArgs extends readonly unknown[]>(base: BaseProcedure, rule: (...args: TArgs) => Rule) {
  const procedure = (...args: TArgs) => {
    const { requirement, check } = rule(...args)
    return createProcedure(base, requirement, check)
  }
  const middleware = (...args: TArgs) => {
    const { requirement, check } = rule(...args)
    return createMiddleware(requirement, check)
  }
  return Object.assign(procedure, { middleware })
}

/** What every guard asks for, and {@link AuthGuards.protectedProcedure} alone. */
export const SIGNED_IN: Requirement = { guard: 'session' }

function roleRule(roles: readonly string[], features: AuthFeatures): Rule {
  if (roles.length === 0) throw configurationError('requireRole', 'name at least one role')
  for (const role of roles) {
    if (features.roles && !features.roles.includes(role)) {
      throw configurationError('requireRole', `"${role}" is not declared in \`roles\` (${features.roles.join(', ')})`)
    }
  }
  return {
    requirement: { guard: 'role', anyOf: [...roles] },
    check: (session) => {
      if (!session.roles.some((role) => roles.includes(role))) throw new AuthError('AccessDenied')
    },
  }
}

function claimRule(key: string, test: unknown, { logger }: AuthFeatures): Rule {
  if (typeof test === 'function') {
    return {
      requirement: { guard: 'claim', key },
      check: (session) => {
        const value = readClaim(session, key)
        if (value === undefined) throw new AuthError('AccessDenied')
        return askApp(`requireClaim('${key}')`, () => Reflect.apply(test, undefined, [value]), logger)
      },
    }
  }
  if (!isClaimValue(test))
    throw configurationError(
      'requireClaim',
      `"${key}": compare with a string, number, boolean or null, or pass a predicate`,
    )
  return {
    requirement: { guard: 'claim', key, value: test },
    check: (session) => {
      if (readClaim(session, key) !== test) throw new AuthError('AccessDenied')
    },
  }
}

/** Own claims only: `constructor` is a member of every object, and no claim. */
function readClaim({ claims }: Session, key: string): unknown {
  return Object.hasOwn(claims, key) ? Reflect.get(claims, key) : undefined
}

function isClaimValue(value: unknown): value is ClaimValue {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

type Condition = (params: ConditionParams<Session, never, never>) => unknown

function conditionRule(name: string, condition: Condition, { logger }: AuthFeatures): Rule {
  return {
    requirement: { guard: 'condition', name },
    // `never`: an app's check says which context and input it needs, and its type keeps it where they are.
    check: (session, { ctx, input }) =>
      askApp(
        `requireCondition('${name}')`,
        () => condition({ session, ctx: ctx as never, input: input as never }),
        logger,
      ),
  }
}

function scopeRule(scope: string): Rule {
  if (typeof scope !== 'string' || scope === '') throw configurationError('requireScope', `name a scope: 'posts:read'`)
  return {
    requirement: { guard: 'scope', scope },
    check: ({ scopes }) => {
      if (scopes && !scopes.includes(scope)) throw new AuthError('InsufficientScope')
    },
  }
}

function freshRule({ maxAge: duration }: FreshOptions = {}, { freshAge, clock }: AuthFeatures): Rule {
  const maxAge = duration === undefined ? freshAge : readDuration('requireFresh.maxAge', duration, duration)
  return {
    requirement: { guard: 'fresh', maxAge },
    check: ({ authTime }) => {
      if (authTime && clock().getTime() - authTime.getTime() <= maxAge) return
      throw new AuthError('StepUpRequired', { stepUp: { maxAge: maxAge / 1_000 } })
    },
  }
}

function factorRule(factor: string): Rule {
  if (typeof factor !== 'string' || factor === '')
    throw configurationError('requireFactor', `name what is needed: 'mfa'`)
  return {
    requirement: { guard: 'factor', factor },
    check: ({ amr }) => {
      if (!amr.includes(factor)) throw new AuthError('StepUpRequired', { stepUp: { factor } })
    },
  }
}
