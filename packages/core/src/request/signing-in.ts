import type { SigningInCall } from '../contract/call.ts'
import type { RequestSource } from '../contract/context.ts'
import { readPluginCookie, writePluginCookie } from '../cookie/plugin-cookie.ts'
import { readClientAddress } from '../internal/client-address.ts'
import type { Awaitable } from '../internal/types.ts'
import { readFlow } from '../sign-in/flow.ts'
import { findPending } from '../sign-in/second-step.ts'
import type { RequestEngine } from './engine.ts'
import type { LookUp } from './look-up.ts'
import { checkOwnOrigin, requireDeliverable, requireWritable, send } from './outgoing.ts'
import { finishHere, type SigningIn, signInVerified } from './sign-in.ts'

/** Opens a request that signs in: what comes before anything is written. */
export function openSigningIn(
  engine: RequestEngine,
  source: RequestSource,
  look: () => Awaitable<LookUp>,
  input: unknown,
): SigningIn {
  const { settings } = engine
  checkOwnOrigin(engine, source)
  source.response.noStore()
  const flow = readFlow(settings, input, source.header('x-auth-flow'))
  requireDeliverable(source, flow)
  const ip = readClientAddress(source.address, source.header('x-forwarded-for'), settings.trustedProxies)
  const here: SigningIn = {
    engine,
    source,
    flow,
    client: { userAgent: source.header('user-agent') ?? null, ip },
    open: (owner) => openCall(here, look, owner),
  }
  return here
}

/** The request as a plug-in sees it, or a provider of the app's own. */
function openCall(here: SigningIn, look: () => Awaitable<LookUp>, owner: string): SigningInCall {
  const { engine, source, client } = here
  const { settings } = engine
  const way = { id: owner, type: settings.providers.get(owner)?.type ?? 'credentials', credentials: null } as const
  return {
    header: (name) => source.header(name.toLowerCase()) ?? null,
    cookie: (name) => readPluginCookie(settings.cookie, source.header('cookie'), owner, name),
    address: client.ip,
    now: settings.clock,
    signal: undefined,
    session: async () => (await look()).session,
    setCookie: (name, value, options) => {
      requireWritable(source)
      send(source, [writePluginCookie(settings.cookie, owner, name, value, options)])
    },
    attempt: (params, check) => engine.attempt({ ...params, address: client.ip }, check),
    // What a sign-in returns is known to a configuration only: there a marker stands for it.
    signIn: (verified) => signInVerified(here, way, verified) as never,
    pending: (challenge) => findPending(engine, challenge),
    finish: (pending, factor) => finishHere(here, pending, factor) as never,
  }
}
