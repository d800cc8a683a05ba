import { authRouter, mountAuth } from './auth.ts'
import { env } from './env.ts'
import { listMails } from './mail/mailbox.ts'
import { listOrganisations } from './organisations.ts'
import { listColleagues, listPeople } from './people.ts'
import { adminProcedure, authedProcedure, membersProcedure, publicProcedure, t } from './trpc.ts'

export const appRouter = t.router({
  auth: mountAuth(t, authRouter),

  /** `instance` is the name of the one that answers; null: there is only one. */
  about: publicProcedure.query(() => ({ strategy: env.strategy, instance: env.instance ?? null })),

  /** What the server knows of who asks: the session, and the names of all claims behind it. Their values stay here. */
  whoami: authedProcedure.query(async ({ ctx }) => ({
    session: ctx.session,
    claimNames: Object.keys((await ctx.auth.token()) ?? {}),
  })),

  /** The mails to everybody, if the demo has no mail server and only this machine can open it. */
  mailbox: publicProcedure.query(() => (env.showsMailbox ? listMails() : null)),

  organisations: authedProcedure.query(({ ctx }) => listOrganisations(ctx.session.user.id)),

  /** Everybody in the organisation that the session is in; for an API key the person's own. */
  members: membersProcedure.query(({ ctx }) => listColleagues(ctx.session.user.id, ctx.session.claims.orgId)),

  admin: t.router({
    people: adminProcedure.query(() => listPeople()),
  }),
})

export type AppRouter = typeof appRouter
