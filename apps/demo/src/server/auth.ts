import { createAuth, defineRoles, type TypesOf } from '@latchkey/core'
import { kyselyAdapter } from '@latchkey/kysely'
import { createAuthRouter } from '@latchkey/trpc'
import { z } from 'zod'
import { sharing } from './cluster.ts'
import { db } from './db.ts'
import { env } from './env.ts'
import { findMembership, findOrganisation } from './organisations.ts'
import { plugins } from './plugins.ts'

const roles = defineRoles('member', 'admin')

export const auth = createAuth({
  secret: env.secret,
  baseUrl: env.url,
  adapter: kyselyAdapter(db),
  // What several instances share besides the database.
  ...sharing,
  trustedProxies: env.trustedProxies,
  session: { strategy: env.strategy, freshAge: env.freshAge },
  // For clients without cookies, such as examples/cli. So short a life that one sees it run down on the page "Tokens".
  tokens: { enabled: true, accessTokenMaxAge: env.accessTokenMaxAge },
  roles,
  plugins,
  pages: { error: '/', challenge: '/' },
  claims: { org: z.string(), orgId: z.string() },
  update: z.object({ orgId: z.string() }),
  callbacks: {
    // At sign-in `user` is the person's row, later `stored` is the row as it is now: a role that was taken away is gone with the next
    // renewal. The organisation is the one that the session switched to, else the person's own, and none for who has left it.
    async jwt({ token, user, stored }) {
      const person = user ?? stored
      if (!person) return token
      const { org: _org, orgId = person.orgId, ...rest } = token
      const place = await findMembership(person.id, orgId)
      return { ...rest, roles: roles.only([person.role]), ...(place && { org: place.name, orgId: place.id }) }
    },
    // Authorises the switch, which a schema can't. Both strategies call it, and write the organisation's name too.
    async update({ patch, user }) {
      const place = await findMembership(user.id, patch.orgId)
      return place ? { org: place.name, orgId: place.id } : false
    },
    // Before the first switch a session of the database strategy has the organisation's id only: the user's column.
    async session({ session, token }) {
      return { ...session, orgName: token.org ?? (await findOrganisation(token.orgId))?.name ?? null }
    },
  },
})

/** Names the configuration: editors show `AuthContext<App>` instead of all of it. */
export interface App extends TypesOf<typeof auth> {}

export const {
  authRouter,
  authContext,
  authErrorFormatter,
  mountAuth,
  protectedMiddleware,
  requireRole,
  requireScope,
} = createAuthRouter<App>(auth)
