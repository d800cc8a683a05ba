import type { NextAuthOptions } from 'next-auth'
import CredentialsProvider from 'next-auth/providers/credentials'
import { adapter } from './database'
import { authorize, idp } from './people'

export const options: NextAuthOptions = {
  ...(adapter
    ? { adapter, session: { strategy: 'database' }, providers: [idp] }
    : {
        session: { strategy: 'jwt' },
        providers: [CredentialsProvider({ credentials: { email: {}, password: {} }, authorize })],
      }),
  callbacks: {
    jwt: ({ token, user }) => (user ? { ...token, plan: 'pro' } : token),
    session: ({ session, token, user }) => ({ ...session, id: user?.id ?? token.sub, plan: token?.plan }),
  },
}
