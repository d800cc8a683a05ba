import type { Connection } from './client.ts'
import { UsageError } from './failure.ts'
import { askPassword } from './password.ts'

export interface Call {
  readonly rest: readonly string[]
  readonly everywhere: boolean
}

type Command = (connection: Connection, call: Call) => Promise<void>

export const COMMANDS: Readonly<Record<string, Command>> = {
  async 'sign-in'({ trpc }, { rest: [email] }) {
    if (!email) throw new UsageError('Say who signs in: sign-in EMAIL')
    const password = await askPassword()
    const result = await trpc.auth.signIn.mutate({ provider: 'password', email, password })
    if (result.status !== 'tokens') throw new Error('The server gave no tokens, so nobody is signed in here.')
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
  async watch({ trpc }) {
    // A stream would try for ever to reach a server that isn't there: asking first fails with the reason.
    if (!(await trpc.auth.session.query())) throw new Error('Nobody is signed in: sign-in EMAIL.')
    await new Promise<void>((resolve, reject) => {
      trpc.auth.onSessionChange.subscribe(undefined, {
        onConnectionStateChange: ({ state, error }) => {
          if (state === 'connecting' && error) console.error('The connection is lost. Trying again …')
        },
        onData: (session) => {
          console.log(session ? `${session.user.name}: ${session.roles.join(', ')}, ${session.orgName}` : 'Signed out.')
        },
        onComplete: resolve,
        onError: reject,
      })
    })
  },

  async 'sign-out'({ trpc }, { everywhere }) {
    await trpc.auth.signOut.mutate({ everywhere })
    console.log(everywhere ? 'Signed out on all devices.' : 'Signed out.')
  },
}
