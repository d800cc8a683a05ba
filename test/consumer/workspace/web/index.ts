import { createTRPCClient, httpLink } from '@trpc/client'
import type { AppRouter } from '@workspace/api'

const client = createTRPCClient<AppRouter>({ links: [httpLink({ url: 'http://localhost' })] })

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const yes = <T extends true>(): void => void (0 as unknown as T)

export async function statements(): Promise<void> {
  const session = await client.auth.session.query()
  if (!session) return
  yes<Equal<typeof session.roles, readonly ('member' | 'admin')[]>>()
  yes<Equal<typeof session.claims.org, string | undefined>>()
  // @ts-expect-error not declared
  session.nothing
  const me = await client.me.query()
  yes<Equal<typeof me.roles, readonly ('member' | 'admin')[]>>()
  // @ts-expect-error not declared
  me.nothing
}
