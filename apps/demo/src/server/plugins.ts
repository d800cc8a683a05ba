import { apiKeys } from '@latchkey/api-keys'

/** One list, for the engine and for the migrations. */
export const plugins = [apiKeys({ scopes: ['members:read'], rateLimit: { max: 60, window: '1m' } })] as const
