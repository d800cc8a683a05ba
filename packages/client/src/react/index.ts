export { createAuthReact } from './create.tsx'
export type { SessionState } from './state.ts'
export type { AuthorizedProps, AuthReact, SessionProviderProps, SignIn, SignOut, UseSession } from './types.ts'
