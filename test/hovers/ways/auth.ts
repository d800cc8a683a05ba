import { createAuth, memoryAdapter, type TypesOf } from '@latchkey/core'
import { oauth } from '@latchkey/oauth'
import { google } from '@latchkey/oauth/providers'
import { password } from '@latchkey/password'
import { totp } from '@latchkey/totp'
import { createAuthRouter } from '@latchkey/trpc'
import { createTRPCClient, httpLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'

export const auth = createAuth({
  secret: 'a secret for tests: 32 bytes at the least',
  adapter: memoryAdapter(),
  plugins: [password({ minLength: 15 }), oauth([google({ clientId: 'app', clientSecret: 'secret' })]), totp()],
})

export interface App extends TypesOf<typeof auth> {}
const { authRouter, authContext, protectedProcedure, requireFactor } = createAuthRouter<App>(auth)

const t = initTRPC.context<ReturnType<typeof authContext>>().create()
export const appRouter = t.router({
  auth: authRouter,
  how: t.procedure.concat(protectedProcedure).query(({ ctx: { session } }) => session.amr),
  payOut: t.procedure.concat(requireFactor('mfa')).mutation(({ ctx }) => ctx.session.user.id),
  rules: t.procedure.query(({ ctx }) => ctx.auth.password.rules()),
})

const trpc = createTRPCClient<typeof appRouter>({ links: [httpLink({ url: 'http://localhost:3000' })] })
export const signIn = () => trpc.auth.signIn.mutate({ provider: 'password', email: 'ada@example.com', password: '' })
export const github = () => auth.accounts.accessToken({ userId: 'ada', provider: 'google' })
