export { createAuthRouter } from './create-auth-router.ts'
export type { AuthKit } from './create-auth-router.ts'
export type { AuthContextOptions, AuthRouterContext, CreateAuthContext } from './context/create.ts'
export type {
  AuthContextSource,
  CallerContextOptions,
  CallInfo,
  FastifyContextOptions,
  FetchContextOptions,
  HeadersReader,
  HeadersWriter,
  LambdaContextOptions,
  LambdaEvent,
  NodeContextOptions,
  NodeRequest,
  NodeResponse,
  SetCookie,
  SocketContextOptions,
} from './context/request.ts'
export type { AuthProcedures, AuthRoot, AuthRouter, Procedures } from './router/types.ts'
export type {
  AuthGuards,
  AuthMiddleware,
  AuthProcedure,
  ClaimTest,
  ConditionMiddleware,
  ConditionParams,
  ConditionProcedure,
  FactorName,
  FreshOptions,
  GuardContext,
  RequireClaim,
  RequireCondition,
  RequireFactor,
  RequireFresh,
  RequireRole,
  RequireScope,
  ScopeContext,
  SessionContext,
} from './guards/types.ts'
export type { ClaimValue } from './guards/requirement.ts'
export type { MountableRoot, MountAuth } from './mount.ts'
export { authErrorFormatter, readAuthError, toTRPCError } from './errors.ts'
export type { AuthErrorData, AuthErrorFormatter, AuthErrorFormatterOptions, AuthErrorShape } from './errors.ts'
export { auditRouter, formatAudit } from './audit.ts'
export type { AuditEntry } from './audit.ts'
// So that declarations of an app's router may name all of its types by this package: if a package manager keeps packages apart, the
// package that emits them may not reach the other one.
export type * from '@latchkey/core'
