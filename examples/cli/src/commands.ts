import type { Connection } from './client.ts'
import { askPassword } from './password.ts'

export interface Call {
  readonly rest: readonly string[]
  readonly everywhere: boolean
}

type Command = (connection: Connection, call: Call) => Promise<void>

export const COMMANDS: Readonly<Record<string, Command>> = {
  async 'sign-in'({ trpc }, { rest: [email] }) {
    if (!email) throw new Error('Whose? sign-in EMAIL')
    const password = await askPassword()
    const result = await trpc.auth.signIn.mutate({ provider: 'credentials', email, password })
    if (result.status !== 'tokens') throw new Error(`The server answers no tokens, but: ${result.status}`)
    console.log(`Signed in as ${result.user?.name ?? email}.`)
  },

  async whoami({ trpc }) {
    const { session } = await trpc.whoami.query()
    console.log(`${session.user.name} <${session.user.email}>`)
    console.log(`${session.roles.join(', ') || 'no role'}, ${session.claims.org ?? 'in no organisation'}`)
  },

  async members({ trpc }) {
    for (const { name, email, role } of await trpc.members.query()) console.log(`${name} <${email}> (${role})`)
  },

  async sessions({ trpc }) {
    for (const { id, device, createdAt, current } of await trpc.auth.sessions.list.query())
      console.log(`${current ? '*' : ' '} ${id}  ${createdAt.toISOString()}  ${device ?? 'unknown device'}`)
  },

  /** Until the session ends: that is no failure, but what one has been waiting for. */
  watch: ({ trpc }) =>
    new Promise((resolve, reject) => {
      trpc.auth.onSessionChange.subscribe(undefined, {
        onData: (session) => {
          console.log(session ? `${session.user.name}: ${session.roles.join(', ')}, ${session.orgName}` : 'Signed out.')
        },
        onComplete: resolve,
        onError: reject,
      })
    }),

  async 'sign-out'({ trpc }, { everywhere }) {
    await trpc.auth.signOut.mutate({ everywhere })
    console.log(everywhere ? 'Signed out on all devices.' : 'Signed out.')
  },
}
