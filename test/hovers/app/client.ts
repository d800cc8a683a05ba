import { authLink, createTokenStore } from '@latchkey/client'
import { createTRPCClient, httpLink } from '@trpc/client'
import type { AppRouter } from './router.js'

const url = 'http://localhost:3000'

export const trpc = createTRPCClient<AppRouter>({
  links: [authLink<AppRouter>({ url, tokens: createTokenStore(), refreshEarly: 60 }), httpLink({ url })],
})

export const signIn = () => trpc.auth.signIn.mutate({ provider: 'credentials', email: 'ada@example.com', password: '' })
export const read = () => trpc.auth.session.query()
