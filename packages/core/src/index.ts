export { createAuth } from './auth.ts'
export type { Auth, AuthFeatures, TypesOf } from './auth.ts'
export type {
  AuthOptions,
  CleanupOptions,
  Logger,
  RowCacheOptions,
  SessionOptions,
  SignInLimits,
  TokenCacheOptions,
  TokenOptions,
} from './options.ts'
export type {
  Adapter,
  AdapterAccount,
  AdapterSession,
  AdapterUser,
  CompleteAdapter,
  FoundSession,
  SessionAdapter,
  StoredSession,
  UserRow,
  VerificationToken,
} from './adapter.ts'
export { isSessionAdapter } from './adapter.ts'
export { memoryAdapter } from './memory.ts'
export { oncePerProcess } from './once-per-process.ts'
export type { Callbacks, JwtParams, SessionParams, SignInParams } from './callbacks.ts'
export type { Events } from './events.ts'
export { AuthError, configurationError, isAuthError } from './errors.ts'
export type { AuthErrorCode, AuthErrorKind, AuthErrorOptions } from './errors.ts'
export type { TokenResponse } from './bearer/types.ts'
export type {
  AuthContext,
  RefreshInput,
  RequestSource,
  ResponseSink,
  SessionListener,
  SignInResult,
  SignOutInput,
  SignOutResult,
  UpdateInput,
  UpdateResult,
  Writability,
} from './context.ts'
export { createSessionBus } from './bus/bus.ts'
export type { SessionBus, SessionEvent } from './bus/bus.ts'
export type { Identity } from './identity.ts'
export type { ClientSession, Inferred, Session, SessionInfo, SessionUser } from './session/types.ts'
export { defineRoles } from './roles/define.ts'
export type { Roles } from './roles/define.ts'
export { credentials } from './sign-in/provider.ts'
export type {
  AnyProvider,
  AuthorizeContext,
  CredentialsOptions,
  Provider,
  ProviderInfo,
  SignInInput,
  TokenFlowInput,
} from './sign-in/provider.ts'
export { readDuration } from './internal/time.ts'
export type {
  Account,
  AuthTypes,
  Awaitable,
  DefaultClaims,
  Duration,
  Immutable,
  Optional,
  Schema,
  SchemaResult,
  Strategy,
  Token,
  User,
} from './types.ts'
