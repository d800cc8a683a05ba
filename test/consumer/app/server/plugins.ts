import { apiKeys } from '@latchkey/api-keys'
import {
  type Challenge,
  definePlugin,
  instant,
  mutation,
  type Operation,
  type Plugin,
  provider,
  query,
  type SignedIn,
  signInMutation,
  table,
  text,
  user,
} from '@latchkey/core'
import { z } from 'zod'

/** The app's own: everything of it is inferred. */
const invitations = definePlugin({
  id: 'invitation',
  tables: { codes: table({ code: text(), team: text(), madeBy: user(), at: instant() }, { unique: [['code']] }) },
  errors: { InvitationUsed: { code: 'FORBIDDEN', message: 'This invitation was used.' } },
  claims: { team: z.string() },
  setup: ({ tables, error, clock }) => ({
    providers: [
      provider({
        id: 'mail',
        type: 'email',
        input: z.object({ to: z.string() }),
        begin: ({ to }) => ({ answer: { status: 'sent', to } }),
      }),
    ],
    operations: {
      create: mutation({
        access: 'session',
        input: z.object({ code: z.string(), team: z.string() }),
        run: ({ user: { id } }, { code, team }) => tables.codes.insert({ code, team, madeBy: id, at: clock() }),
      }),
      accept: mutation({
        access: 'session',
        input: z.object({ code: z.string() }),
        run: async ({ user: { id } }, { code }) => {
          const taken = await tables.codes.take({ code })
          if (!taken) throw error('InvitationUsed')
          return { team: taken.team, by: id }
        },
      }),
      open: query({ access: 'public', run: async () => (await tables.codes.list({ limit: 10 })).length }),
    },
  }),
})

interface TotpOperations {
  /** The second step of a sign-in. */
  readonly verify: Operation<'mutation', { readonly challenge: string; readonly code: string }, SignedIn>
}
/** As a library would write one: its types have names. */
export interface Totp extends Plugin<
  'totp',
  { operations: TotpOperations; answers: Challenge<'totp'>; errors: 'WrongCode' }
> {}
function totp(): Totp {
  return definePlugin({
    id: 'totp',
    errors: { WrongCode: { code: 'UNAUTHORIZED', message: 'The code is not right.' } },
    setup: () => ({
      factors: { totp: { isDue: () => false } },
      operations: {
        verify: signInMutation({
          input: z.object({ challenge: z.string(), code: z.string() }),
          run: async (call, { challenge }) => call.finish(await call.pending(challenge), 'totp'),
        }),
      },
    }),
  })
}

export const plugins = [apiKeys({ scopes: ['posts:read', 'posts:write'] }), invitations, totp()] as const
