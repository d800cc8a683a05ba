import { authLink } from '@latchkey/client'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import superjson from 'superjson'
import type { Router } from './trpc.ts'

const options = { url: '/trpc', transformer: superjson }

export const authOfClient = authLink<Router>(options)
export const client = createTRPCClient<Router>({ links: [authOfClient, httpBatchLink(options)] })
