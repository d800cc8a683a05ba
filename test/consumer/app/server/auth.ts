import { createAuth, credentials, defineRoles } from '@latchkey/core'
import { kyselyAdapter, sqliteDialect } from '@latchkey/kysely'
import { migrateToLatest } from '@latchkey/kysely/migrate'
import { createAuthRouter } from '@latchkey/trpc'
import { Kysely } from 'kysely'
import Database from 'libsql'
import { z } from 'zod'
import { checkPassword, findPerson } from './people.ts'
import { plugins } from './plugins.ts'

export const db = new Kysely<{ posts: { id: string; title: string } }>({
  dialect: sqliteDialect(new Database(':memory:')),
})
export const migrate = () => migrateToLatest(db, { plugins })

const roles = defineRoles('member', 'admin')

export const auth = createAuth({
  secret: process.env['AUTH_SECRET'] ?? 'a secret for tests: 32 bytes at the least',
  adapter: kyselyAdapter(db),
  plugins,
  roles,
  claims: { org: z.string(), orgId: z.string() },
  update: z.object({ orgId: z.string() }),
  session: { strategy: 'jwt', maxAge: '30d', updateAge: '1d', freshAge: '10m' },
  tokens: { enabled: true, accessTokenMaxAge: '15m', refreshTokenMaxAge: '30d', reuseWindow: '30s' },
  providers: [
    credentials({
      input: z.object({ email: z.email(), password: z.string() }),
      identify: ({ email }) => email,
      authorize: checkPassword,
    }),
  ],
  callbacks: {
    jwt({ token, user }) {
      const person = findPerson(token.sub)
      if (!person) return null
      const [orgId, org] = [...person.organisations][0] ?? []
      if (user) return { ...token, roles: roles.only(person.roles), ...(orgId && { org, orgId }) }
      const chosen = token.orgId && person.organisations.get(token.orgId)
      return chosen ? { ...token, org: chosen } : token
    },
    update: ({ patch, user }) => findPerson(user.id)?.organisations.has(patch.orgId) ?? false,
    session: ({ session, token }) => ({ ...session, orgName: token.org }),
  },
  baseUrl: 'http://localhost:3000',
})

export const {
  authRouter,
  authContext,
  authErrorFormatter,
  mountAuth,
  protectedMiddleware,
  requireRole,
  requireClaim,
  requireCondition,
  requireFresh,
  requireScope,
} = createAuthRouter(auth)
