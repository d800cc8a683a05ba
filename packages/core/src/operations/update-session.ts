import { openRefreshToken } from '../bearer/refresh.ts'
import type { TokenResponse } from '../contract/token-response.ts'
import type { RequestSource } from '../contract/request-source.ts'
import type { Engine } from '../config/engine.ts'
import type { Marker } from '../contract/marker.ts'
import type { Operation } from '../contract/operation.ts'
import { anyFields } from './input.ts'
import { own } from './own.ts'
import { AuthError, invalidInput } from '../errors.ts'
import { readFields } from '../internal/fields.ts'
import { copyPlain } from '../internal/copy.ts'
import { isPlainObject } from '../internal/json.ts'
import { runCallback } from '../config/run-callbacks.ts'
import type { Identity } from '../contract/identity.ts'
import { shapeForClient } from '../session/shape.ts'
import { exchange } from '../request/exchange.ts'
import type { OperationCall } from '../request/call.ts'
import { publishChange, issueCookie, requireWritable, send } from '../request/outgoing.ts'
import type { RequestEngine } from '../request/engine.ts'

/** Changes of claims, with an `update` schema. */
export interface UpdateOperations {
  /** Changes declared claims of the session, by the configuration's `update` schema. */
  readonly updateSession: Operation<'mutation', Marker<'update'>, Marker<'updated'>>
}

export function updateOperations({ settings }: RequestEngine): UpdateOperations {
  return {
    updateSession: own({
      type: 'mutation',
      access: 'session',
      input: anyFields,
      http: { method: 'POST', path: 'session' },
      missing: settings.update ? null : 'updateSession: declare an `update` schema',
      serverName: 'update',
      run: updateSession,
    }),
  }
}

/** With a cookie it returns the shaped session, with a bearer token a token response. */
async function updateSession({ engine, source, lookUp }: OperationCall, input: unknown): Promise<unknown> {
  if (lookUp.via === 'bearer' || lookUp.identity.isAccess) return updateBearer(engine, source, lookUp.identity, input)
  if (engine.strategy.updatesCookie) requireWritable(source)
  const patch = await readPatch(engine, lookUp.identity, input)
  const { identity, cookie, replaces } = await engine.strategy.update(lookUp.identity, patch)
  const isCurrent = () => !engine.revocations.has(identity.sessionId) && !engine.decisions.isReplaced(identity.token)
  if (engine.revocations.has(identity.sessionId)) throw new AuthError('SessionRevoked')
  if (cookie) send(source, issueCookie(engine, cookie, lookUp.cookie), isCurrent)
  publishChange(engine, identity, replaces)
  return shapeForClient(engine, identity)
}

/** A refresh with a patch: it takes the refresh token of the same session too. */
async function updateBearer(
  engine: RequestEngine,
  source: RequestSource,
  { sessionId }: Identity,
  input: unknown,
): Promise<TokenResponse<unknown>> {
  const { bearer } = engine
  const { refreshToken, ...patch } = isPlainObject(input) ? input : {}
  if (!bearer || typeof refreshToken !== 'string') throw invalidInput('refreshToken')
  const refresh = await openRefreshToken(bearer, refreshToken)
  if (refresh.token.sessionId !== sessionId) throw new AuthError('InvalidToken')
  const params = { refreshIn: 'body', readPatch: (identity: Identity) => readPatch(engine, identity, patch) } as const
  return exchange(engine, source, bearer, refresh, params)
}

type Patch = Readonly<Record<string, unknown>>

/** What `updateSession` may write: what the schema admits, the app agrees to, and is a declared claim. */
export async function readPatch(engine: Engine, identity: Identity, input: unknown): Promise<Patch> {
  const { update: schema, claims } = engine.settings
  if (!schema) throw new AuthError('NotFound', { detail: 'updateSession: declare an `update` schema' })
  const result = await runCallback(() => schema['~standard'].validate(input))
  if (result.issues) throw invalidInput(...readFields(result.issues))
  if (!isPlainObject(result.value)) throw new AuthError('InvalidInput')
  const patch = await authorizePatch(engine, identity, result.value)
  return Object.fromEntries(Object.entries(patch).filter(([name, claim]) => claims.has(name) && claim !== undefined))
}

/** Asks the app's update callback: `true` takes the patch, an object is written instead of it, anything else refuses. */
async function authorizePatch({ callbacks }: Engine, { user, token }: Identity, patch: Patch): Promise<Patch> {
  const { update } = callbacks
  if (!update) return patch
  const answer: unknown = await runCallback(() =>
    update({ patch, user: copyPlain(user), token: structuredClone(token) }),
  )
  if (answer === true) return patch
  if (!isPlainObject(answer)) throw new AuthError('AccessDenied')
  return answer
}
