/** What an app's bundle holds: the packages and its own code, with nothing left to import but Node itself. */
export { AuthError, createAuth, credentials, memoryAdapter } from '@latchkey/core'
export * as core from '@latchkey/core'
export { authErrorFormatter, createAuthRouter, readAuthError, toTRPCError } from '@latchkey/trpc'
export { initTRPC } from '@trpc/server'
export { fetchRequestHandler } from '@trpc/server/adapters/fetch'
export { z } from 'zod'
