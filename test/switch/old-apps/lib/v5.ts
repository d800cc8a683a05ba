import NextAuth from 'authjs'
import Credentials from 'authjs/providers/credentials'
import { adapter } from './database'
import { authorize, idp } from './people'

export const { handlers, auth } = NextAuth({
  basePath: '/api/authjs',
  trustHost: true,
  ...(adapter
    ? { adapter, session: { strategy: 'database' }, providers: [idp] }
    : {
        session: { strategy: 'jwt' },
        providers: [Credentials({ credentials: { email: {}, password: {} }, authorize })],
      }),
  callbacks: {
    jwt: ({ token, user }) => (user ? { ...token, plan: 'pro' } : token),
    session: ({ session, token, user }) => ({ ...session, id: user?.id ?? token.sub, plan: token?.plan }),
  },
})
