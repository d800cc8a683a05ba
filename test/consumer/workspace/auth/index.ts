import { createAuth, credentials, defineRoles } from '@latchkey/core'
import { createAuthRouter } from '@latchkey/trpc'
import { z } from 'zod'

const auth = createAuth({
  secret: 'a secret for tests: 32 bytes at the least',
  baseUrl: 'http://localhost:3000',
  roles: defineRoles('member', 'admin'),
  claims: { org: z.string() },
  providers: [credentials({ input: z.object({ pin: z.string() }), identify: null, authorize: () => null })],
})

export const { authRouter, authContext, protectedProcedure } = createAuthRouter(auth)
