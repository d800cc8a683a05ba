import { createAuth } from '@latchkey/core'
import type { AnyKysely } from '@latchkey/kysely'
import { passkey } from '@latchkey/passkey'
import { createAuthRouter } from '@latchkey/trpc'
import type { TRPCClient } from '@trpc/client'
import { initTRPC } from '@trpc/server'

const auth = createAuth({ secret: 'only for the compiler', plugins: [passkey()] })
const router = initTRPC.create().router({ auth: createAuthRouter(auth).authRouter })
type Router = typeof router

declare global {
  const db: AnyKysely
  const client: TRPCClient<Router>
}
