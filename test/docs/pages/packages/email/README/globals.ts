import { createAuth, memoryAdapter } from '@latchkey/core'
import { changeEmail, emailCode, magicLink } from '@latchkey/email'
import type { AnyKysely } from '@latchkey/kysely'
import { createAuthRouter } from '@latchkey/trpc'
import type { TRPCClient } from '@trpc/client'
import { initTRPC } from '@trpc/server'

const send = () => {}
const auth = createAuth({
  secret: 'only for the compiler',
  adapter: memoryAdapter(),
  plugins: [emailCode({ send }), magicLink({ send }), changeEmail({ send })],
})
const router = initTRPC.create().router({ auth: createAuthRouter(auth).authRouter })
type Router = typeof router

declare global {
  const db: AnyKysely
  const client: TRPCClient<Router>
  const email: string
  const code: string
}
