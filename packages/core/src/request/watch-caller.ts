import type { SessionListener } from '../contract/context.ts'
import { type AuthError, isAuthError, isUntrusted } from '../errors.ts'
import { findPluginCredential, type IncomingCredential, openCredential } from './caller.ts'
import type { OpenRequest } from './open-request.ts'

/**
 * Watches whoever is known. Nothing tells when a credential of a plug-in ends, so that one is opened again every `revalidateAge`, as a
 * request would.
 *
 * @throws AuthError why nobody is known
 */
export async function watchCaller(request: OpenRequest, listener: SessionListener): Promise<() => void> {
  const { caller } = await request.look()
  const credential = caller ? findPluginCredential(request.engine, request.source) : null
  return credential ? openAgain(request, credential, listener) : request.watch(listener)
}

function openAgain({ engine }: OpenRequest, credential: IncomingCredential, listener: SessionListener): () => void {
  const stop = () => clearInterval(timer)
  const end = (reason: AuthError) => {
    stop()
    listener.ended(reason)
  }
  const ask = async () => {
    try {
      listener.session?.(await openCredential(engine, credential))
    } catch (error) {
      engine.logFailure(error)
      // A limit of the credential's own says nothing about whose it is.
      if (isUntrusted(error) || (isAuthError(error) && error.status >= 500)) end(error)
    }
  }
  const timer = setInterval(() => void ask(), Math.min(engine.settings.revalidateAge, MAX_WAIT))
  return stop
}

/** More than a timer can wait (2^31 - 1 ms) it doesn't wait at all. */
const MAX_WAIT = 2_147_483_647
