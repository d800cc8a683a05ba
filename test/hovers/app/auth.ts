import { createAuth, credentials, memoryAdapter, type TypesOf } from '@latchkey/core'
import { createAuthRouter } from '@latchkey/trpc'
import { z } from 'zod'

/** Who may do what. */
export const auth = createAuth({
  secret: 'a secret for tests: 32 bytes at the least',
  adapter: memoryAdapter(),
  roles: ['member', 'admin'],
  claims: {
    /** The organisation that the session is in. */
    org: z.string(),
  },
  providers: [
    credentials({
      input: z.object({ email: z.string(), password: z.string() }),
      identify: ({ email }) => email,
      authorize: ({ email }) => ({ id: email }),
    }),
  ],
})

export interface App extends TypesOf<typeof auth> {}
export const { authRouter, authContext, protectedProcedure, requireRole } = createAuthRouter<App>(auth)
