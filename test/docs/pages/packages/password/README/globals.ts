import { createAuth, memoryAdapter } from '@latchkey/core'
import type { AnyKysely } from '@latchkey/kysely'
import { password as createPassword, type PasswordMail } from '@latchkey/password'
import { createAuthRouter } from '@latchkey/trpc'
import type { TRPCClient } from '@trpc/client'
import { initTRPC } from '@trpc/server'

const auth = createAuth({
  secret: 'only for the compiler',
  adapter: memoryAdapter(),
  plugins: [createPassword({ send: () => {} })],
})
const router = initTRPC.create().router({ auth: createAuthRouter(auth).authRouter })
type Router = typeof router

declare global {
  const db: AnyKysely
  const client: TRPCClient<Router>
  const email: string
  const password: string
  const sendMail: (mail: PasswordMail) => Promise<void>
}
