import { type AnyPlugin, definePlugin, signInMutation } from '@latchkey/core'
import { z } from 'zod'

/** A second factor, `nod`, that everybody must take: its challenge is all that it asks for. */
export const nod: AnyPlugin = definePlugin({
  id: 'nod',
  setup: () => ({
    factors: { nod: { isDue: () => true } },
    operations: {
      verify: signInMutation({
        input: z.object({ challenge: z.string() }),
        run: async (call, { challenge }) => call.finish(await call.pending(challenge), 'nod'),
      }),
    },
  }),
})
