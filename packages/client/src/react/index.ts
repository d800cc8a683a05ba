export { createAuthReact } from './create.tsx'
export type { QueryClientLike, QueryLike } from './query-client.ts'
export type { SessionState } from './state.ts'
export type { AuthorizedProps, AuthReact, SessionProviderProps, SignIn, SignOut, UseSession } from './types.ts'
