import type { AuthContext, RequestSource } from '../contract/context.ts'
import type { Engine } from '../config/engine.ts'
import { TICKET_LIFE } from '../live/ticket.ts'
import { shapeForClient } from '../session/shape.ts'
import { andThen } from '../internal/awaitable.ts'
import type { Awaitable } from '../internal/types.ts'
import { type LookUp, lookUpSession, requireCaller, requireFound } from './look-up.ts'
import { checkOwnOrigin } from './outgoing.ts'
import { refreshHere } from './refresh.ts'
import type { RequestEngine } from './engine.ts'
import { listSessions, revokeOthers, revokeSession } from './sessions.ts'
import { signInHere } from './sign-in.ts'
import { openSigningIn } from './signing-in.ts'
import { signOutHere } from './sign-out.ts'
import { updateHere } from './update.ts'
import { watchHere } from './watch.ts'

/**
 * Everything that one request may ask, without doing any of it yet. The look-up happens at the first question and is kept: the
 * identity of a request is the one it arrived with, whatever its other calls do meanwhile.
 */
export function createContext(engine: RequestEngine, source: RequestSource): AuthContext {
  let lookUp: Awaitable<LookUp> | undefined
  const look = () => (lookUp ??= begin(engine, source))
  return {
    session: async () => andThen(look(), ({ session }) => session),
    requireSession: async () => andThen(look(), (found) => requireFound(found).session),
    caller: async () => andThen(look(), (found) => found.caller ?? found.session),
    requireCaller: async () => andThen(look(), requireCaller),
    token: async () => structuredClone((await look()).identity?.token ?? null),
    clientSession: () =>
      logged(engine, async () => {
        const { via, identity, caller, refusal } = await look()
        // A bearer token of ours that doesn't count must tell its client why, so that it refreshes.
        if (via !== 'cookie' && !caller && refusal) throw refusal
        return identity && shapeForClient(engine, identity)
      }),
    checkOrigin: () => checkOwnOrigin(engine, source),
    // What providers and plug-ins add to the result is known to a configuration's own type only.
    signIn: (input) =>
      logged(engine, async () => signInHere(openSigningIn(engine, source, look, input), input)) as Promise<never>,
    signOut: (input) => logged(engine, () => signOutHere(engine, source, look, input ?? {})),
    refresh: (input) => logged(engine, () => refreshHere(engine, source, input)),
    update: (patch) => logged(engine, async () => updateHere(engine, source, requireFound(await look()), patch)),
    ticket: () =>
      logged(engine, async () => {
        checkOwnOrigin(engine, source)
        const { identity } = requireFound(await look())
        return { ticket: await engine.tickets.issue(identity), expiresIn: TICKET_LIFE }
      }),
    watch: (listener) => logged(engine, async () => watchHere(engine, requireFound(await look()), listener)),
    providers: () => [...engine.settings.providers.values()].map(({ id, name, type }) => ({ id, name, type })),
    listSessions: () => logged(engine, async () => listSessions(engine, requireFound(await look()))),
    revokeSession: (id) => logged(engine, async () => revokeSession(engine, source, requireFound(await look()), id)),
    revokeOtherSessions: () => logged(engine, async () => revokeOthers(engine, source, requireFound(await look()))),
  }
}

/** Logs a failure of the server, however the caller reports it. */
async function logged<T>({ logFailure }: Engine, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    logFailure(error)
    throw error
  }
}

/** What a look-up throws at once is kept like what it rejects with; either is logged if it is a failure. */
function begin(engine: RequestEngine, source: RequestSource): Awaitable<LookUp> {
  const { logFailure } = engine
  try {
    const found = lookUpSession(engine, source)
    // Only logs: the callers get the rejection from `found` itself.
    if (found instanceof Promise) found.catch(logFailure)
    return found
  } catch (error) {
    logFailure(error)
    return Promise.reject(error)
  }
}
