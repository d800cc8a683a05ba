import { definePlugin, signInMutation } from '@latchkey/core'
import { z } from 'zod'

/** A second factor that everybody has, and that is asked for unless the first step was two already; whoever has the challenge passes. */
export const secondFactor = definePlugin({
  id: 'second',
  setup: () => ({
    factors: { second: { isDue: ({ account, amr }) => account.provider === 'passkey' && !amr.includes('mfa') } },
    operations: {
      verify: signInMutation({
        input: z.object({ challenge: z.string() }),
        run: async (call, { challenge }) => call.finish(await call.pending(challenge), 'second'),
      }),
    },
  }),
})
