import type { SessionListener } from '../contract/questions.ts'
import type { Session } from '../contract/session.ts'
import { AuthError, isAuthError, isUntrusted } from '../errors.ts'
import { findPluginCredential, type IncomingCredential, openCredential } from './caller.ts'
import type { RequestEngine } from './engine.ts'
import type { OpenRequest } from './open-request.ts'

/**
 * Watches a caller. There is no event for the end of a plug-in's credential, so it is opened again in time, as a request would: a
 * stream uses nothing that is older than `revalidateAge`, and while the store fails it goes on for that long.
 *
 * @throws AuthError why the caller isn't known
 */
export async function watchCaller(request: OpenRequest, listener: SessionListener): Promise<() => void> {
  const { caller } = await request.look()
  const credential = caller ? findPluginCredential(request.engine, request.source) : null
  return caller && credential ? openAgain(request, credential, caller, listener) : request.watch(listener)
}

function openAgain(
  { engine }: OpenRequest,
  credential: IncomingCredential,
  caller: Session,
  listener: SessionListener,
): () => void {
  const { clock, revalidateAge } = engine.settings
  const now = () => clock().getTime()
  let askedAt = now()
  let isStopped = false
  const stop = () => {
    isStopped = true
    clearTimeout(timer)
    engine.callerStreams.delete(end)
  }
  const end = (error: unknown) => {
    stop()
    listener.ended(isAuthError(error) ? error : new AuthError('CallbackRouteError', { cause: error }))
  }
  const ask = async () => {
    try {
      const session = await openCredential(engine, credential)
      if (isStopped) return
      askedAt = now()
      timer = plan(session)
      listener.session?.(session)
    } catch (error) {
      if (isStopped) return
      engine.logFailure(error)
      if (isUntrusted(error) || (!isLimit(error) && now() - askedAt >= revalidateAge)) end(error)
      else timer = wait(revalidateAge / 20)
    }
  }
  const wait = (ms: number) => setTimeout(() => void ask(), Math.min(Math.max(ms, MIN_WAIT), MAX_WAIT))
  const plan = ({ expires }: Session) => wait(Math.min(revalidateAge * 0.8, expires.getTime() - now()))
  let timer = plan(caller)
  engine.callerStreams.add(end)
  return stop
}

/** Ends these streams when the engine is closed. */
export function endCallerStreams({ callerStreams }: RequestEngine): void {
  const reason = new AuthError('AdapterError', { detail: 'the engine was closed' })
  for (const end of [...callerStreams]) end(reason)
}

/** A limit of the credential's own says nothing about whose it is. */
function isLimit(error: unknown): boolean {
  return isAuthError(error) && error.code === 'TOO_MANY_REQUESTS'
}

/** Milliseconds. A timer must not spin, and more than 2^31 - 1 it doesn't wait at all. */
const MIN_WAIT = 10
const MAX_WAIT = 2_147_483_647
