export { apiKeys } from './plugin.ts'
export type { ApiKeys, ApiKeyOperations } from './types.ts'
export type { ApiKeyInfo, CreateApiKey, NewApiKey } from './types.ts'
export type { ApiKeyOptions, ApiKeyRateLimit } from './options.ts'
