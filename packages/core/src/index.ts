// For apps: the configuration, and what it makes.
export { createAuth } from './auth.ts'
export type { Auth, AuthFeatures, TypesOf } from './auth.ts'
export type { AuthOptions, CleanupOptions, LimitOptions, PageOptions, SignInLimits } from './config/options.ts'
export type { RowCacheOptions, SessionOptions } from './config/session-options.ts'
export type { TakeOverOptions } from './config/take-over-options.ts'
export type { TokenCacheOptions, TokenOptions } from './config/token-options.ts'
export { oncePerProcess } from './config/once-per-process.ts'
export type { Callbacks, JwtParams, SessionParams, SignInParams } from './contract/callbacks.ts'
export type { Events } from './contract/events.ts'
export { defineRoles } from './roles/define.ts'
export type { Roles } from './roles/define.ts'
export type { AccountExport, AccountInfo, ExportedAccount, WayInfo } from './contract/account.ts'
export type { ClientSession, Inferred, Session, SessionInfo, SessionUser } from './contract/session.ts'
export type { DefaultClaims, Token } from './contract/token.ts'
export type { TokenResponse } from './contract/token-response.ts'
export type { Account, Profile, ProviderType, User } from './contract/user.ts'
export { AuthError, configurationError, isAuthError } from './errors.ts'
export type { AuthErrorCode, AuthErrorKind, AuthErrorOptions, AuthErrorRow, StepUp } from './errors.ts'
export { readDuration } from './internal/time.ts'
export type { Awaitable, Duration, Immutable, Optional } from './internal/types.ts'
export type { Logger } from './internal/logger.ts'
export type { Schema, SchemaResult } from './internal/schema.ts'

// What an app passes: ways to sign in, an adapter, a bus, a counter.
export { credentials, provider } from './contract/provider.ts'
export type {
  Answer,
  AnswerStep,
  AnyProvider,
  AuthorizeContext,
  CredentialsOptions,
  Provider,
  ProviderAnswers,
  ProviderInfo,
  ProviderOptions,
  RedirectStep,
  SignInInput,
  Step,
  TokenFlowInput,
} from './contract/provider.ts'
export { memoryAdapter } from './store/memory/adapter.ts'
export type {
  AccountKey,
  Adapter,
  AdapterAccount,
  AdapterSession,
  AdapterUser,
  CompleteAdapter,
  ForeignSession,
  SessionAdapter,
  SessionAndUser,
  StoredSession,
  UserRow,
  VerificationToken,
} from './store/adapter.ts'
export { challengeTables } from './sign-in/challenge-table.ts'
export { createSessionBus } from './bus/session-bus.ts'
export type { BusConnection, SessionBus, Unsubscribe } from './contract/bus.ts'
export { attemptTables, tableCounter } from './sign-in/table-counter.ts'
export type { AttemptCounter, AttemptRule, CountedAttempt, RefusedAttempt } from './contract/limits.ts'

// For authors of plug-ins.
export { createBackground } from './internal/background.ts'
export type { BackgroundOptions, InBackground } from './internal/background.ts'
export { createRandomText } from './internal/random-text.ts'
export { isLoopback } from './internal/loopback.ts'
export { parseEmailAddress } from './internal/email-address.ts'
export { definePlugin } from './contract/plugin.ts'
export type {
  AnyPlugin,
  LinkOptions,
  Plugin,
  PluginDefinition,
  PluginEngine,
  PluginError,
  PluginParts,
  Way,
  UnlinkedAccount,
  Ways,
} from './contract/plugin.ts'
export { mutation, query, signInMutation, subscription } from './contract/operation.ts'
export type {
  Access,
  AnyOperation,
  HttpBinding,
  MountedOperation,
  Operation,
  Operations,
  OperationType,
  PerformOptions,
  SignInAccess,
  SignInDefinition,
} from './contract/operation.ts'
export type {
  AttemptParams,
  Call,
  FinishOptions,
  LimitParams,
  PluginCookieOptions,
  SignedInCall,
  SigningInCall,
  SignInOptions,
} from './contract/call.ts'
export type { CredentialSource, OpenedCredential } from './contract/credential.ts'
export type { Endpoint, EndpointCall } from './contract/endpoint.ts'
export type { Factor } from './contract/factor.ts'
export type { Marker, Shaped, SignedIn } from './contract/marker.ts'
export type {
  Challenge,
  CreatedUser,
  LinkedUser,
  MirroredUser,
  NewUser,
  Pending,
  ProvenAddress,
  Verified,
  VerifiedBase,
  VerifiedUser,
} from './contract/verified.ts'
export { boolean, instant, integer, json, nullable, text, user } from './store/tables/column.ts'
export type { Column, Columns, NullableOptions } from './store/tables/column.ts'
export { table } from './store/tables/define-table.ts'
export type { TableOptions } from './store/tables/define-table.ts'
export type {
  BoundedStep,
  Key,
  ListQuery,
  NumericColumn,
  PrimaryKey,
  Row,
  Table,
  TableSpec,
  TableStore,
  Where,
} from './store/tables/table.ts'

// For faces, such as @latchkey/trpc.
export { defineMethods } from './request/methods.ts'
export type { AuthQuestions, GuardQuestions, SessionListener } from './contract/questions.ts'
export type {
  RefreshInput,
  SignInResult,
  SignOutInput,
  SignOutResult,
  UpdateInput,
  UpdateResult,
} from './contract/results.ts'
export type { RequestSource, ResponseSink, Writability } from './contract/request-source.ts'
export type { AuthContext } from './operations/context.ts'

// Types that the declarations of an app name. Nobody writes them.
export type { AuthTypes, PluginLike, Strategy } from './contract/auth-types.ts'
export type { Identity } from './contract/identity.ts'
export type { InputOf, Meanings, Resolve } from './contract/meanings.ts'
export type { Methods } from './contract/methods.ts'
export type {
  AccountsIn,
  AccountsOf,
  AnswersOf,
  ChallengeIn,
  ClaimsOf,
  KindsOf,
  Mounted,
  OperationsIn,
  PluginTypes,
  ProvidersIn,
  SignInOf,
} from './contract/plugin-types.ts'
export type { RouterBuiltIns, ServerBuiltIns } from './operations/built-ins.ts'
export type { AccountOperations } from './operations/account.ts'
export type { AccountsOperations } from './operations/accounts.ts'
export type { SessionOperations } from './operations/session.ts'
export type { SessionsOperations } from './operations/sessions.ts'
export type { SignInOperations } from './operations/sign-in.ts'
export type { SignOutOperations } from './operations/sign-out.ts'
export type { StreamOperations } from './operations/streams.ts'
export type { RefreshOperations, TokenOperations } from './operations/tokens.ts'
export type { UpdateOperations } from './operations/update-session.ts'
