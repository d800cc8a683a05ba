import type { Access, AnyOperation, MountedOperation, PerformOptions } from '../contract/operation.ts'
import { AuthError, invalidInput } from '../errors.ts'
import { runCallback } from '../config/run-callbacks.ts'
import { isSessionAdapter } from '../store/adapter.ts'
import { readFields } from '../internal/fields.ts'
import { isPlainObject } from '../internal/json.ts'
import { readFlow } from '../sign-in/flow.ts'
import { type CallParts, OperationCall } from './call.ts'
import { requireOwnLife } from './end-sessions.ts'
import type { RequestEngine } from './engine.ts'
import { type SessionLookUp, requireCaller } from './look-up.ts'
import type { OpenRequest } from './open-request.ts'
import { checkOwnOrigin, requireDeliverable } from './outgoing.ts'

/**
 * Runs an operation, for every face: the one place that defines the order of checks. A failure of the server is logged.
 *
 * @throws AuthError why it was refused, or what `run` throws
 */
export async function perform(
  request: OpenRequest,
  { operation, plugin }: MountedOperation,
  { readInput, signal }: PerformOptions,
): Promise<unknown> {
  const { engine, source } = request
  try {
    if (operation.missing !== null) throw new AuthError('NotFound', { detail: operation.missing })
    if (operation.type === 'mutation' && operation.origin === 'checked') checkOwnOrigin(engine, source)
    if (operation.type === 'mutation') source.response.noStore()
    const caller = await requireAccess(request, operation.access)
    // An operation without an input reads none.
    const input = operation.input && (await readInput())
    const flow = operation.takesFlow
      ? readFlow(engine.settings, input, source.header('x-auth-flow'), caller.lookUp?.identity)
      : null
    const value = await validate(operation, flow ? withoutFlow(input) : input)
    if (operation.signsIn && flow) requireDeliverable(source, flow)
    return await operation.run(new OperationCall({ request, plugin, ...caller, flow, signal }) as never, value as never) // by its maker's types
  } catch (error) {
    engine.logFailure(error)
    throw error
  }
}

/** Who asks: with a session if the operation asks for one. */
type Caller = Pick<CallParts, 'current' | 'lookUp'>

/** @throws AuthError `SessionRequired`, or why the credential doesn't count; `StepUpRequired`, `SessionRevoked` */
async function requireAccess(request: OpenRequest, access: Access): Promise<Caller> {
  if (access === 'public') return { current: null, lookUp: null }
  if (access === 'caller') return { current: requireCaller(await request.look()), lookUp: null }
  const lookUp = await request.require()
  if (access === 'fresh') await requireFresh(request.engine, lookUp)
  return { current: lookUp.session, lookUp }
}

/** A token is used for a while without its row. Not here: what asks for a recent sign-in changes how somebody signs in. */
async function requireFresh(engine: RequestEngine, { session: { authTime }, identity }: SessionLookUp): Promise<void> {
  const { clock, freshAge } = engine.settings
  if (!authTime || clock().getTime() - authTime.getTime() > freshAge)
    throw new AuthError('StepUpRequired', { stepUp: { maxAge: freshAge / 1_000 } })
  if (isSessionAdapter(engine.adapter)) await requireOwnLife(engine, identity)
}

/** `flow` and `refresh` belong to the call: no schema of an operation sees them. */
function withoutFlow(input: unknown): unknown {
  if (!isPlainObject(input)) return input
  const { flow: _flow, refresh: _refresh, ...rest } = input
  return rest
}

/**
 * Without a body, and beside `flow`, no input is an empty object: it is whichever of the two the schema takes.
 *
 * @throws AuthError `InvalidInput`, naming the fields
 */
async function validate({ input: schema }: AnyOperation, input: unknown): Promise<unknown> {
  if (!schema) return undefined
  const check = (value: unknown) => runCallback(() => schema['~standard'].validate(value))
  const result = await check(input)
  if (!result.issues) return result.value
  const isEmpty = isPlainObject(input) && Object.keys(input).length === 0
  const none = isEmpty ? await check(undefined) : result
  if (none.issues) throw invalidInput(...readFields(result.issues))
  return none.value
}
