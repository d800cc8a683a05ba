import { createTRPCClient, httpLink } from '@trpc/client'
import type { AppRouter } from '@workspace/careless'

const client = createTRPCClient<AppRouter>({ links: [httpLink({ url: 'http://localhost' })] })

export async function readName(): Promise<unknown> {
  const session = await client.auth.session.query()
  return session?.user
}
