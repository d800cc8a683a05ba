import { createAuth, credentials, memoryAdapter } from '@latchkey/core'
import { oauth } from '@latchkey/oauth'
import { google } from '@latchkey/oauth/providers'
import { createAuthRouter } from '@latchkey/trpc'
import { z } from 'zod'

// The app that the fragments in the pages belong to: with roles, claims, `updateSession`, bearer tokens and a provider.
export const auth = createAuth({
  secret: 'only for the compiler, 32 bytes or more',
  adapter: memoryAdapter(),
  tokens: { enabled: true },
  roles: ['member', 'admin'],
  claims: { org: z.string(), orgId: z.string() },
  update: z.object({ orgId: z.string() }),
  providers: [
    credentials({
      input: z.object({ email: z.email(), password: z.string() }),
      identify: ({ email }) => email,
      authorize: ({ email }) => ({ id: email, email }),
    }),
  ],
  plugins: [oauth([google({ clientId: 'of the app', clientSecret: 'of the app' })])],
})

export const kit = createAuthRouter(auth)
