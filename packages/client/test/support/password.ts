import type { AuthContext } from '@latchkey/core'
import { initTRPC } from '@trpc/server'
import { z } from 'zod'

/** A plug-in as the link meets one: it knows the path that it is under, and none of its names. */
export function createPassword() {
  const t = initTRPC.context<{ readonly auth: AuthContext }>().create()
  /** What the operations were sent, as it arrived. */
  const inputs: unknown[] = []
  const procedure = t.procedure.use(async ({ getRawInput, next }) => {
    inputs.push(await getRawInput())
    return next()
  })
  const Account = z.looseObject({ name: z.string(), password: z.string() })
  const password = t.router({
    // Like a `signInMutation()`: it is for everybody, so that no session is looked up.
    signUp: procedure
      .input(Account)
      .mutation(({ ctx, input }) => ctx.auth.signIn({ provider: 'credentials', ...input })),
    remind: procedure.input(z.looseObject({})).mutation(() => ({ status: 'sent' as const, to: 'a…@example.com' })),
    unlock: procedure.input(z.looseObject({})).mutation(() => ({ status: 'challenge' as const, challenge: 'c1' })),
    leave: procedure.mutation(() => ({ status: 'redirect' as const, url: 'https://id.example.com' })),
    change: procedure.input(z.looseObject({ next: z.string() })).mutation(async ({ ctx }) => {
      const { user } = await ctx.auth.requireSession()
      return { changed: user.id }
    }),
    score: procedure.input(z.string()).mutation(({ input }) => input.length),
    scores: procedure.input(z.array(z.string())).mutation(({ input }) => input.length),
    rules: procedure.query(() => ({ length: 8 })),
  })
  return { password, inputs }
}
